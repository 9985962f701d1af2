"""Simulated audits of a regime: what a method finds that sees only what an auditor sees, beside what is true."""
