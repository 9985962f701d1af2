"""Language: the words that the field uses, and none that a stranger would have to guess.

Source, messages, templates, catalogues and pages are searched for words that earlier versions used in a sense of their own
or that are out of use. A word in a citation keeps its spelling: quotation marks of titles are English here.
"""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

BANNED = {
    r"[Ll]uck(y|s|ily)?": "random seed, common random numbers, or Monte Carlo error",
    r"[Nn]oughts?": "zero",
    r"[Ee]rrands?": "background job",
    r"(bury|buries|buried|bereaved?|enlists?|enlisted)": "fail, mark as dead, register",
    r"([Ww]hoever|wherefrom|whereto)": "anyone who, from where, to where",
    r"([Ww]eave|weaves|weaving|[Ww]oven)": "compile, layout",
    r"[Bb]irth certificates?": "provenance",
    r"(he|him|his|himself|His|Himself)": "they, them, their, themselves",
    r"abreast": "in parallel",
    r"[«»]": "English quotation marks, or back-ticks for code and keys",
    r"the house": "the project, the package",
    r"[Tt]elling (lives?|way|ones?)": "exemplary life courses",
}
"""What may not stand in the project, as a pattern of whole words, and what to say instead."""

ENDINGS = {".py", ".md", ".toml", ".html", ".js", ".css", ".po", ".txt", ".cff"}
FOLDERS = (
    "src",
    "docs",
    "examples",
    "verification",
    "benchmarks",
    "scripts",
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
)
PRONOUNS = ROOT / "src" / "glasshouse" / "results" / "life_narrative.py"
"""The one file that may say he and she: it narrates the life course of one synthetic person of stated sex."""


def files() -> list[Path]:
    """All files whose text a reader or user meets, minified libraries of others left out."""
    found = []
    for name in FOLDERS:
        place = ROOT / name
        found += [place] if place.is_file() else [p for p in place.rglob("*") if p.suffix in ENDINGS or not p.suffix]
    return sorted(p for p in found if p.is_file() and "vega" not in p.parts and "__pycache__" not in p.parts)


def lines(path: Path) -> list[tuple[int, str]]:
    """The lines of a file with their numbers; of a message catalogue, the English ones alone."""
    numbered = list(enumerate(path.read_text(encoding="utf-8").splitlines(), 1))
    if path.suffix != ".po":
        return numbered
    english, kept = False, []
    for number, line in numbered:
        english = line.startswith(("msgid", "#")) or (english and line.startswith('"'))
        kept += [(number, line)] if english else []
    return kept


@pytest.mark.parametrize("pattern", BANNED)
def test_a_word_out_of_use_stands_nowhere(pattern: str) -> None:
    word = re.compile(pattern if pattern == "[«»]" else rf"\b(?:{pattern})\b")
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path in files()
        if not (path == PRONOUNS and pattern.startswith("(he|"))
        for number, line in lines(path)
        if word.search(line)
    ]
    assert not found, f"say {BANNED[pattern]} instead:\n" + "\n".join(found[:40]) + f"\n({len(found)} lines)"
