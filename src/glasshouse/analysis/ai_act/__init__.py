"""Evidence for Article 5(1)(c) of the EU AI Act, computed from a run with several arms."""
