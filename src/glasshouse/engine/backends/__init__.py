"""Ways to run the same pass: compiled for processor threads, compiled for a graphics card, uncompiled as the twin."""
