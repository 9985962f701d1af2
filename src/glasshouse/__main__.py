"""Runs the command line as `python -m glasshouse`."""

from glasshouse.cli.main import main

if __name__ == "__main__":
    main()
