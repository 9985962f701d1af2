"""Delayed impact of fair lending (Liu et al. 2018)."""
