"""Performative prediction (Perdomo et al. 2020)."""
