"""Writes the tables of verifications into the documentation, between two comments that name them."""

from collections.abc import Sequence
from pathlib import Path

DOCS = Path(__file__).parent.parent / "docs"
PAGE, MODEL = DOCS / "verification.md", DOCS / "model.md"


def replace_table(name: str, lines: Sequence[str], page: Path = PAGE) -> None:
    """Put lines between `<!-- NAME -->` and `<!-- end of NAME -->` in a page, in place of what is there."""
    before, start, rest = page.read_text(encoding="utf-8").partition(f"<!-- {name} -->\n")
    _, end, after = rest.partition(f"<!-- end of {name} -->")
    if not start or not end:
        raise ValueError(f"{page} has no place for the table {name}.")
    page.write_text(before + start + "\n".join(lines) + "\n" + end + after, encoding="utf-8")
