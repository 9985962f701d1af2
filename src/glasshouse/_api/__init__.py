"""The functions behind the public names of the package. Each imports what it needs when it is called."""
