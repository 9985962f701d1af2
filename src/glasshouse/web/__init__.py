"""The web interface: a local server with a tutorial, a workbench that runs scenarios, and studies.

Like the command line it has no model logic. Without the option `--host` it can be reached from this machine alone. It makes no
network requests, reads and writes nothing outside its folders, and takes no code.
"""
