"""What the actions do, one module for each group; `services.py` registers them."""
