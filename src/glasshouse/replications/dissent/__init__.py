"""Dissent and self-censorship: the mechanisms and the targets."""
