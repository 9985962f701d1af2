"""Writes the tables of verifications into the documentation, between two comments that name them."""

from collections.abc import Sequence
from pathlib import Path

PAGE = Path(__file__).parent.parent / "docs" / "verification.md"


def replace_table(name: str, lines: Sequence[str]) -> None:
    """Put lines between `<!-- NAME -->` and `<!-- end of NAME -->` in docs/verification.md, in place of what is there."""
    before, start, rest = PAGE.read_text(encoding="utf-8").partition(f"<!-- {name} -->\n")
    _, end, after = rest.partition(f"<!-- end of {name} -->")
    if not start or not end:
        raise ValueError(f"{PAGE} has no place for the table {name}.")
    PAGE.write_text(before + start + "\n".join(lines) + "\n" + end + after, encoding="utf-8")
