"""Two ways to run the same kernels: compiled for processor threads, and one by one in the interpreter as a reference."""
