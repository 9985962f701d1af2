"""Scenario files: read, checked, and turned into an immutable `Scenario`."""
