"""The parts of a study's page that argue: claims tested against it, and the settings under which harm is great."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from markupsafe import Markup

from glasshouse.analysis.claim_result import ClaimResult
from glasshouse.analysis.claim_test import examine_all
from glasshouse.analysis.discovery import discover
from glasshouse.errors import AnalysisError
from glasshouse.model.plugin import Plugin
from glasshouse.report.elements import Section, paragraphs
from glasshouse.report.study import claim_charts, discovery_charts
from glasshouse.report.study.outcomes import factor_of, harms
from glasshouse.report.templates import render
from glasshouse.study import preregistration
from glasshouse.study.findings import Findings

EXPLAINED = 4
"""Claims of the study's own scenario whose reasons are drawn; each takes seconds."""

BOXES = 2
"""Harms for which a box is sought."""

GREAT = 0.75
"""A harm counts as great above this quantile of the points."""


def parts(
    findings: Findings,
    names: Sequence[str | Path] = (),
    plugins: Sequence[Plugin] = (),
    fixed: Sequence[str] | None = None,
) -> tuple[Section, ...]:
    """Make the parts of the page on claims and on boxes of great harm.

    The claims are those named, or every shipped one that the study can answer. Where the design allows neither claims
    nor boxes, the parts say why.

    Parameters
    ----------
    findings : Findings
        What the study found.
    names : sequence of str or pathlib.Path, optional
        Names or files of claims; none means every shipped one that the study can answer.
    plugins : sequence of Plugin, optional
        Plug-ins that took part.
    fixed : sequence of str or None, optional
        Texts of the claims that were frozen with the study (preregistered); None if they are not known.

    Returns
    -------
    tuple of Section
        The section on claims and the section on boxes, ready for the page.

    Raises
    ------
    ScenarioError
        If a claim has a fault.
    """
    return (
        Section("claims", "Claims", _claims(findings, names, plugins, fixed)),
        Section("boxes", "Settings under which harm is great", _boxes(findings)),
    )


def _claims(
    findings: Findings, names: Sequence[str | Path], plugins: Sequence[Plugin], fixed: Sequence[str] | None
) -> Markup:
    try:
        tested = examine_all(findings, names, plugins)
    except AnalysisError as error:
        return paragraphs(f"No claim was tested against this study: {error}")
    own = [one for one in tested if one.claim.scenario.name == one.scenario or names] or tested
    return render(
        "study/claims_section.html",
        chosen=_chosen(findings, tested, fixed),
        claims=claim_charts.drawn(tested, "claims"),
        panels=[part for one in tested if (part := claim_charts.by_definition(one)) is not None],
        reasons=[
            {"sentence": one.claim.sentence, "reasons": claim_charts.reasons(one, f"reason{number}")}
            for number, one in enumerate(sorted(own, key=_doubt)[:EXPLAINED])
        ],
    )


def _chosen(findings: Findings, tested: Sequence[ClaimResult], fixed: Sequence[str] | None) -> str:
    """Which claims were fixed before the first run: what is asked after a look is answered by what was seen."""
    if preregistration.registration_of(findings.record) is None:
        return "No claim was fixed before the first run, since the study was not frozen: all below are exploratory."
    if fixed is None:
        return (
            f"Which claims were fixed before the first run stands in {findings.name}.frozen.toml, which is not in the study's "
            "folder or is of another study: take all below as exploratory."
        )
    there = {_lines(text) for text in fixed}
    known = [one.claim.name for one in tested if _lines(one.claim.text) in there]
    others = len(tested) - len(known)
    away = len(there - {_lines(one.claim.text) for one in tested})
    parts = [
        f"Fixed before the first run: {', '.join(known)}."
        if known
        else "No claim below was fixed before the first run.",
        f"The other {others:,} were chosen later and are exploratory." if known and others else "",
        f"{away:,} that were fixed are not shown here: name their files to see them." if away else "",
    ]
    return " ".join(part for part in parts if part)


def _lines(text: str) -> tuple[str, ...]:
    """A file's lines, however they end."""
    return tuple(text.splitlines())


def _doubt(one: ClaimResult) -> float:
    """How far a share is from one half: what holds everywhere or nowhere has no reasons to draw."""
    share = one.share.mean
    return abs(share - 0.5) if np.isfinite(share) else 1.0


def _boxes(findings: Findings) -> Markup:
    boxes = []
    for measure in harms(findings)[:BOXES]:
        above = float(f"{np.nanquantile(findings.means(measure.name), GREAT):.3g}")
        threshold = f"{above * factor_of(measure):.3g}{' %' if factor_of(measure) != 1.0 else f' {measure.unit}'}"
        try:
            box = discovery_charts.drawn(discover(findings, f"{measure.name} > {above!r}"), f"box-{measure.name}")
        except AnalysisError as error:
            box = paragraphs(f"No box was sought: {error}")
        boxes.append({"title": measure.title, "threshold": threshold, "box": box})
    return (
        render("study/boxes.html", boxes=boxes)
        if boxes
        else paragraphs("No harm that was kept varies over the points.")
    )
