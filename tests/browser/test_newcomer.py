"""A newcomer brings a node in with a mouse and a keyboard, and waters a plant. (lead engineer is writing this file)"""
