"""The steps, one file each; none is ever changed after a release."""
