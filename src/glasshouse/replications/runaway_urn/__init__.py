"""Runaway feedback in predictive policing (Ensign et al. 2018)."""
