"""Glasshouse: a laboratory for systems that track, score, list and sanction people."""
