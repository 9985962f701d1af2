"""Dissent and self-censorship (Daymude, Axelrod and Forrest 2025)."""
