"""Numbers from readings, without a clock or a disk of their own."""
