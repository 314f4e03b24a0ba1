"""Run the project's tests in groups, each with everything it needs set up beforehand."""
