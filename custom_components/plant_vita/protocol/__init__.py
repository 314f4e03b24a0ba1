"""Protocol version 1, sans I/O: bytes to messages and back. See docs/protocol.md."""
