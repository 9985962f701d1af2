"""Linkage errors: whose record is it."""
