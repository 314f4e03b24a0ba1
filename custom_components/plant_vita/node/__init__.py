"""A conversation with one node: who may come in, request and acknowledgement, what has been received."""
