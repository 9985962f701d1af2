"""Promised and real savings of a system that selects people for investigation: a ledger over the sums of a run."""
