"""The description of a model after the ODD protocol, written from the declarations in the code."""
