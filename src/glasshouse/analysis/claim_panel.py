"""A claim under each definition of its two terms: the shares side by side, and the sentence that follows from all of them.

A word such as “governance” has several definitions, and a claim may hold under one and fail under another. The sentence
says under which it holds, under which it fails, and which leave it open.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from glasshouse.analysis.claim_result import ClaimResult

HOLDS, FAILS = ("yes", "mostly"), ("no", "mostly not")
"""Answers of a claim that holds in more than half of the plausible space, and in less than half."""


@dataclass(frozen=True)
class ClaimPanel:
    """The results of a claim by definition, ready to be shown.

    Attributes
    ----------
    head : tuple of str
        Headings of the table: the second term, each definition of the first, and the second term alone.
    rows : tuple of tuple of str
        A row for each definition of the second term, and one for the first term alone: its name, and for each heading the
        share of the plausible space with its interval, how many points are undefined, and the answer in a word.
    conclusion : str
        What follows from all of them, in words.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    conclusion: str


def panel(result: ClaimResult) -> ClaimPanel | None:
    """Set a claim's results by definition side by side.

    Parameters
    ----------
    result : ClaimResult
        What a study says of the claim.

    Returns
    -------
    ClaimPanel or None
        None for a claim whose terms have one definition alone.
    """
    if not result.claim.definitions:
        return None
    (term, first), (other, second) = result.claim.definitions.items()
    columns, found = (*first, ""), result.by_definition
    rows = [(row, *(cell(found.get((column, row))) for column in columns)) for row in second]
    rows.append((f"{term} alone", *(cell(found.get((column, ""))) for column in first), ""))
    return ClaimPanel(
        (f"{other}, by definition", *(f"{term}: {name}" for name in first), f"{other} alone"),
        tuple(rows),
        conclusion(result),
    )


def cell(one: ClaimResult | None) -> str:
    """The result under one pair of definitions, in a table.

    Parameters
    ----------
    one : ClaimResult or None
        The result; None where the study did not keep its measures.

    Returns
    -------
    str
        For example “41 % (33 to 50), 3 undefined; it depends”.
    """
    if one is None:
        return "not kept"
    share = one.share
    if not share.replicates:
        return "undefined at every point"
    ends = "" if np.isnan(share.low) else f" ({100 * share.low:.0f} to {100 * share.high:.0f})"
    undefined = f", {one.undefined:,} undefined" if one.undefined else ""
    return f"{100 * share.mean:.0f} %{ends}{undefined}; {one.answer}"


def conclusion(result: ClaimResult) -> str:
    """Say what follows from the results under all definitions.

    Parameters
    ----------
    result : ClaimResult
        The result of a claim whose terms have several definitions.

    Returns
    -------
    str
        One sentence: for each definition of the first term, under how many and which definitions of the second the claim holds
        in more than half of the plausible space, in less than half, or neither is certain.
    """
    (term, first), (other, second) = result.claim.definitions.items()
    found = [f"with {term} defined by {name}, {_counted(result.by_definition, name, tuple(second))}" for name in first]
    return f"Of {len(second)} definitions of {other}: {'; '.join(found)}."


def _counted(results: Mapping[tuple[str, str], ClaimResult], column: str, rows: Sequence[str]) -> str:
    known = {row: results[column, row].answer for row in rows if (column, row) in results}
    sorts = (
        ("the claim holds in more than half of the plausible space under {}", [r for r in known if known[r] in HOLDS]),
        ("in less than half under {}", [r for r in known if known[r] in FAILS]),
        ("under {} it is open", [r for r in known if known[r] not in (*HOLDS, *FAILS)]),
        ("for {} the study kept no measures", [r for r in rows if r not in known]),
    )
    # The first sort is told even where it is empty: that the claim holds under none is the answer.
    return ", ".join(
        words.format(f"{len(names) or 'none'}{_listed(names, len(rows))}")
        for place, (words, names) in enumerate(sorts)
        if names or not place
    )


def _listed(names: Sequence[str], total: int) -> str:
    """The names in brackets, where they are some and not all."""
    return f" ({', '.join(names)})" if 0 < len(names) < total else ""
