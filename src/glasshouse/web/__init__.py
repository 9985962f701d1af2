"""The page: a local web server that shows what a regime does to a drawn town, and runs scenarios.

A door like the command line: it translates, and decides nothing. It answers this machine alone unless told otherwise,
asks nothing of the network, reads and writes nothing outside its folder, and takes no code.
"""
