"""Statistics: components that count and change nothing that another component reads."""
