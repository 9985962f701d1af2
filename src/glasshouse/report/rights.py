"""An impact assessment as a document, which is written as a page, as Markdown and as an office document."""

from collections.abc import Iterable, Sequence

from glasshouse.analysis.harm_rates import ADULTS
from glasshouse.analysis.rights.annex import ANNEX
from glasshouse.analysis.rights.figures import COLUMNS, Figure
from glasshouse.analysis.rights.law import CAVEATS, CHARTER, INPUTS, NOT_COUNTED, NOTICE, Input
from glasshouse.analysis.rights.report import HarmFigures, RightsAssessment
from glasshouse.report import charts
from glasshouse.report.document import Document, Grid, Listing, Part, Picture, Section, Text, Verbatim
from glasshouse.report.rights_charts import in_both_arms
from glasshouse.results.key_figures import certainty
from glasshouse.scenario.toml_text import to_toml

ARMS = ("Without the regime", "With the regime", "Difference")


def rights_document(found: RightsAssessment) -> Document:
    """The assessment as a document.

    Parameters
    ----------
    found : RightsAssessment
        The assessment.

    Returns
    -------
    Document
        A section for each input of Article 27(1), and one on Annex III and on how to check the figures.
    """
    return Document(
        "Glasshouse: figures for a fundamental-rights impact assessment, Article 27 of Regulation (EU) 2024/1689",
        found.scenario.title,
        _lead(found),
        (_glance(found), *(_input(found, one) for one in INPUTS), _annex(), _check(found)),
    )


def _lead(found: RightsAssessment) -> tuple[Part, ...]:
    scenario = found.scenario
    run = scenario.run
    return (
        Text(f"No verdict. {NOTICE}"),
        *(Text(words) for words in CAVEATS),
        Text(
            f"{scenario.society.citizens:,} synthetic citizens were simulated for {run.weeks:,} weeks, with and without the "
            f"regime, with the same random numbers. Figures are of adults from week {run.start:,} on, in which the regime "
            f"begins; most refer to 100,000 adults. {certainty(run.replicates)}"
        ),
        Text(
            "Two kinds of uncertainty stand side by side. An interval is over societies: other people and other chance, under "
            "the settings as they are. A likelihood is over settings: the share of plausible settings, drawn from the prior "
            "ranges of what is uncertain, in which the regime adds more than the stated mark to a harm (of a ratio: in which "
            "it is above the mark). A mark is no limit of what is acceptable, and is there to be changed with `--mark`. A dash "
            "stands where a figure exists only under the regime, or only between both."
        ),
    )


def _glance(found: RightsAssessment) -> Section:
    rows = tuple(
        (
            f"{one.harm.measure.title} ({one.harm.measure.unit.removesuffix(f' per {ADULTS:,} adults')})",
            ", ".join(one.harm.articles),
            *(one.figures[0].text(column) for column in COLUMNS),
            one.likelihood.band,
        )
        for one in found.harms
    )
    head = (f"Harm (per {ADULTS:,} adults)", "Charter", *ARMS, "Likelihood of more than the mark")
    return Section("glance", "At a glance", (Text(found.summary), *_chart(found), Grid(head, rows)))


def _chart(found: RightsAssessment) -> tuple[Part, ...]:
    """The harms that are counted in people, decisions or events, both arms beside one another."""
    rows = [
        {"harm": one.harm.measure.title, "arm": name, "mean": one.figures[0].values[arm].mean}
        for one in found.harms
        if one.harm.mark is None
        for arm, name in zip(("reference", "regime"), charts.NAMES, strict=True)
        if arm in one.figures[0].values
    ]
    if not any(one.figures[0].values.get("regime") for one in found.harms):
        return ()
    said = "; ".join(f"{row['harm']} {row['arm']}: {row['mean']:,.0f}" for row in rows)
    return (
        Picture(
            "Harms with and without the regime",
            lambda: charts.svg(in_both_arms(rows), "harms"),
            "For 100,000 adults, a year or at any time, as the table says; each mark without its interval. Open: without the "
            "regime. Filled: with it.",
            f"For 100,000 adults. {said}.",
        ),
    )


def _input(found: RightsAssessment, one: Input) -> Section:
    parts: list[Part] = [Text(one.asks)]
    sections: tuple[Section, ...] = ()
    if found.inputs[one.letter]:
        parts.append(_figures(found.inputs[one.letter], with_group=one.letter == "c"))
    if one.letter == "d":
        sections = tuple(_harm(harm) for harm in found.harms)
        parts.append(Text("Articles of the Charter that are not, or not always, among the harms below:"))
        parts.append(Listing(tuple(f"Article {number}, {reason}." for number, reason in NOT_COUNTED)))
    if one.letter == "e":
        parts.append(_oversight(found))
    if one.letter == "f":
        parts.append(
            Text(
                "The monitoring figure of each harm under (d) is what the office can count to see whether a risk "
                "materialises, and can be tied to a decision to stop."
            )
        )
        parts.append(_monitoring(found.harms))
    parts.append(Text("For the assessor to fill in:"))
    parts.append(Grid(("What no simulation can say", "Entry"), tuple((question, "") for question in one.assessor)))
    return Section(f"input-{one.letter}", f"({one.letter}) {one.title}", tuple(parts), sections)


def _figures(figures: Sequence[Figure], *, with_group: bool) -> Grid:
    head = ("Figure", *(("Of whom",) if with_group else ()), "Unit", *ARMS[:2])
    rows = tuple(
        (one.title, *((one.group,) if with_group else ()), one.unit, one.text("reference"), one.text("regime"))
        for one in figures
    )
    return Grid(head, rows)


def _harm(one: HarmFigures) -> Section:
    harm, measure = one.harm, one.harm.measure
    touched = "; ".join(f"Article {number}, {CHARTER[number]}" for number in harm.articles)
    rows = tuple((figure.group, *(figure.text(column) for column in COLUMNS)) for figure in one.figures)
    said = [
        f"Charter: {touched}.",
        f"Counted: {measure.formula}. {harm.assumption}",
        f"Duration: {_joined(one.duration)}.",
        f"Reversible: {_joined(one.reversibility)}.",
        f"Likelihood of more than {harm_mark(one)}: {one.likelihood.text}.",
        f"Changed most by: {one.sensitivity.text}.",
        f"Monitoring figure: {harm.monitoring}.",
    ]
    if one.over_time:
        said.insert(
            2,
            f"Under the regime, over time: {_joined(one.over_time)}.",
        )
    head = (f"Of whom ({measure.unit})", *ARMS)
    return Section(f"harm-{one.name}", measure.title, (Grid(head, rows), Listing(tuple(said))))


def harm_mark(one: HarmFigures) -> str:
    """The mark of a harm in words.

    Parameters
    ----------
    one : HarmFigures
        The harm.

    Returns
    -------
    str
        The mark with its unit.
    """
    unit = one.harm.measure.unit
    return (
        f"{100 * one.likelihood.mark:g} percentage points" if unit == "share" else f"{one.likelihood.mark:g} ({unit})"
    )


def _joined(figures: Iterable[Figure]) -> str:
    """Figures under the regime, or between both arms, after one another."""
    named = []
    for one in figures:
        column = "difference" if "difference" in one.values and "regime" not in one.values else "regime"
        unit = "" if one.unit in ("share", "ratio") or column not in one.values else f" {one.unit}"
        named.append(f"{one.title.lower()} {one.text(column)}{unit}")
    return "; ".join(named) or "not followed by the model"


def _oversight(found: RightsAssessment) -> Grid:
    return Grid(
        ("Human review of decisions", f"Restricted wrongly, with the regime ({found.oversight[0][1].unit})"),
        tuple((changed, figure.text("regime")) for changed, figure in found.oversight),
    )


def _monitoring(harms: Sequence[HarmFigures]) -> Grid:
    seen = {one.harm.monitoring: one.harm.measure.title for one in reversed(harms)}
    rows = tuple((seen[words], words) for words in dict.fromkeys(one.harm.monitoring for one in harms))
    return Grid(("Harm", "Monitoring figure"), rows)


def _annex() -> Section:
    rows = tuple((one.number, one.covers, one.counted, one.left) for one in ANNEX)
    head = ("Point", "What it covers", "What these figures can tell", "Left to the assessor")
    words = "Points of Annex III as far as they concern scoring. Whether one of them applies is not said here."
    return Section("annex", "Annex III", (Text(words), Grid(head, rows)))


def _check(found: RightsAssessment) -> Section:
    scenario = found.scenario
    facts = tuple((key.replace("_", " "), f"`{_plain(value)}`") for key, value in found.provenance.facts().items())
    mark = next(one.likelihood.mark for one in found.harms if one.harm.mark is None)
    size = f"--citizens {scenario.society.citizens} --draws {found.draws} --mark {mark:g}"
    command = f"glasshouse assess scenario.toml --fria {size}"
    return Section(
        "check",
        "How to check these figures",
        (
            Text(
                f"The complete scenario below gives the same figures on any machine with `{command}`. Beside this document lie "
                "all figures as JSON and Parquet, and the evidence sheet on Article 5(1)(c). The model, its data and every "
                "assumption with its range are described by `glasshouse describe` and `glasshouse run`. The model has not "
                "been compared with any real system."
            ),
            Grid(("What", "Value"), facts),
            Verbatim(to_toml(scenario)),
        ),
    )


def _plain(value: object) -> str:
    return ", ".join(f"{key} {text}" for key, text in value.items()) if isinstance(value, dict) else str(value)
