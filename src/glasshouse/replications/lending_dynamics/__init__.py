"""Lending and credit scores over time (D'Amour et al. 2020)."""
