"""Plant nodes without hardware: the real firmware on a simulated board, in simulated pots and weather."""
