"""Plant nodes without hardware: the real firmware on a simulated board, in a simulated pot."""
