"""Calibration to published aggregates: targets, search, ABC and neural posterior estimation."""
