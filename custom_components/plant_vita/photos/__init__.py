"""Photos in Home Assistant: where they come from, which services judge them, what is said.

Nothing in here can reach a pump: what is said of a photo stays words.
"""
