"""Cloud services that know plants, and the panel that asks several of them at once."""
