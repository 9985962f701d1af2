"""Compiles and runs a scenario."""
