"""What follows from runs: sensitivity, claims, discovery, comparison, attribution and calibration."""
