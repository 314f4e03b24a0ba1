"""Bytes in and out of one kind of link; no module here knows a message."""
