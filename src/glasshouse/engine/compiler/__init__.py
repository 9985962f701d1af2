"""Translates the kernels of mechanisms into one compiled pass over the population."""
