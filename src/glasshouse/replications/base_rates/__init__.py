"""Base rates: what a flag is worth."""
