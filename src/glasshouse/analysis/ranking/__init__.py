"""Regimes side by side, sorted by harm: on one population with common random numbers, or each on its own."""
