"""Tests of `glasshouse.analysis.rights`."""
