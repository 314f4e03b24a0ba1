"""Custom components of Home Assistant, the way its configuration folder holds them."""
