"""A scenario of one's own from fifteen administrative questions."""
