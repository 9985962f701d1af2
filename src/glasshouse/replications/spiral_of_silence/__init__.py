"""The spiral of silence and social bots (Ross et al. 2019)."""
