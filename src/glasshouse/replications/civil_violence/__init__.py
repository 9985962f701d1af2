"""Modeling civil violence (Epstein 2002)."""
