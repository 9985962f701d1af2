"""Epstein's model of civil violence: the published rules, Mesa's variant, and the targets."""
