"""The inputs of a fundamental-rights impact assessment, as far as figures of a simulation can give them."""
