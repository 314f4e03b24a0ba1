"""What assistants may see and do, whether a model calls a tool or a person says a sentence."""
