"""The clouds that Plant Vita asks, on this machine; and photos to ask them about."""
