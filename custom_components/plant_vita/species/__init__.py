"""The built-in catalogue of plants, the search in it, and the limits that hold in a season.

`catalogue.load()` reads files: call it, and build the `search.SpeciesIndex`, outside the event
loop. Nothing is read when these modules are imported.
"""
