"""How the tables of a catalogue came to be, step by step, so that an old catalogue opens in a new version."""
