"""What a run leaves: weekly totals, tables, estimates, provenance and life courses."""
