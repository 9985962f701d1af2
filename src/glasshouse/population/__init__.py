"""A synthetic population and its network, drawn from published marginals."""
