"""`scripts/develop`: a Home Assistant with three simulated nodes, to look at and to work with."""
