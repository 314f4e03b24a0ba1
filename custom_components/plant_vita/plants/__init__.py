"""Plants in Home Assistant: what they are bound to, how they are, what is done for them."""
