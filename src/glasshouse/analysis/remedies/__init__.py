"""Timing of remedies: what a stop, a notice, a hearing, a review or a purge averts, and what a month of delay costs."""
