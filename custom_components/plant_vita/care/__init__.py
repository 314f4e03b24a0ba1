"""What decides about water and light: events in, actions out, no clock and no wires of its own."""
