"""Water for plants in Home Assistant: the ledger on disk, the pumps, and who may use them."""
