"""The nouns of Plant Vita: frozen data, no behaviour that needs a clock or a network."""
