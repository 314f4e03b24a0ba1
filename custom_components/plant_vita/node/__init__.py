"""A conversation with one node.

Who may come in, request and acknowledgement, what has been received.
"""
