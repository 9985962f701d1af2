"""The page of regimes side by side: harm, burden by group, redress, work, purpose and safeguards."""

import math
from collections.abc import Sequence
from pathlib import Path

from glasshouse.analysis.ranking.measures import HARMS, CasesHandled
from glasshouse.analysis.ranking.report import NOTICE, SPENDING, Ranking, SafeguardFigures
from glasshouse.model.measure import Measure
from glasshouse.report import templates
from glasshouse.report.elements import Cell, Figure, Table
from glasshouse.report.i18n import Words, words
from glasshouse.report.i18n import mark as _
from glasshouse.report.instrument_parts import Drawing, chart, estimate_text, facts_table
from glasshouse.report.ranking_charts import harms_by_regime
from glasshouse.report.ranking_words import lacking_text, order_text, purpose, shown, sorted_text, together
from glasshouse.results.estimate import Estimate
from glasshouse.scenario.toml_text import to_toml
from glasshouse.storage import write_atomic


def write_ranking(found: Ranking, path: Path, language: str = "en") -> None:
    """Write the page as one self-contained HTML file, whole or not at all.

    Parameters
    ----------
    found : Ranking
        The regimes.
    path : Path
        Where the file goes; folders are created as needed.
    language : str, default "en"
        The language of the page, a key of `LANGUAGES`.

    Raises
    ------
    StoringError
        If the file cannot be written.
    """
    write_atomic(path, ranking_page(found, language), "the regimes side by side")


def ranking_page(found: Ranking, language: str = "en") -> str:
    """Regimes side by side as a page.

    Parameters
    ----------
    found : Ranking
        The regimes.
    language : str, default "en"
        The language of the page outside its documentation, a key of `LANGUAGES`.

    Returns
    -------
    str
        The whole page.
    """
    told = words(language)
    return templates.page(
        "ranking.html",
        language,
        words=told,
        notice=told.gettext(NOTICE),
        replicates=found.question.scenarios[0].run.replicates,
        sentences=[sorted_text(found, told), order_text(found, told), *lacking_text(found, told)],
        chart=_chart(found, told),
        regimes=_regimes(found, told),
        columns=_columns(found, told),
        burdens=[(told.gettext(one.title), _burdens(found, one, told)) for one in HARMS],
        summary=_summary(found, told) if found.safeguards else None,
        safeguards=[
            (_title(found, one.regime, told), _safeguards(rows, told))
            for one in found.regimes
            if (rows := [each for each in found.safeguards if each.regime == one.regime])
        ],
        references=Table(
            _heads(told, _("Regime"), _("What it is, and what it is compared with")),
            [
                (_title(found, one.regime, told), told.gettext(found.scenario(one.regime).about))
                for one in found.regimes
            ],
        ),
        meanings=_meanings(found, told),
        command=_command(found),
        facts=facts_table(found.provenance.facts()),
        sources=[(one.name, to_toml(one)) for one in found.question.scenarios],
        script=templates.script("chart_tools.js"),
    )


def _title(found: Ranking, name: str, told: Words) -> str:
    """The title of a regime, without the group of scenarios that it stands in."""
    title = told.gettext(found.scenario(name).title)
    return title.partition(": ")[2] or title


def _narrow(text: str) -> Cell:
    """A figure with its interval below it, so that a table of many columns fits a page."""
    figure, _bracket, interval = text.partition(" (")
    return Cell(figure, note=interval.removesuffix(")"))


def _heads(told: Words, *texts: str) -> list[str]:
    return [told.gettext(text) for text in texts]


def _measured(measure: type[Measure], told: Words) -> str:
    return f"{told.gettext(measure.title)} ({told.gettext(measure.unit)})"


def _regimes(found: Ranking, told: Words) -> Table:
    rows = [
        (
            Cell(_title(found, one.regime, told), note=one.regime),
            _narrow(shown(one.wrong_decisions, told)),
            _narrow(shown(one.treated_wrongly, told)),
            _narrow(estimate_text(one.redress, told, 100, " %")),
            _narrow(shown(one.spending, told)),
            _narrow(shown(one.cases, told)),
            Cell(shown(one.served, told), note=told.gettext(purpose(one.purpose).title)),
        )
        for one in found.regimes
    ]
    heads = (_("Regime"), _("Decisions"), _("People"), _("Undone"), _("Spending"), _("Cases"), _("Stated purpose"))
    return Table(_heads(told, *heads), rows, numbers=range(1, 6))


def _columns(found: Ranking, told: Words) -> Table:
    """What the columns of regimes hold, with their units."""
    rows = [
        (told.gettext(_("Decisions")), _measured(HARMS[0], told)),
        (told.gettext(_("People")), _measured(HARMS[1], told)),
        (told.gettext(_("Undone")), told.gettext(_("Of the wrong decisions added, undone by appeal"))),
        (told.gettext(_("Spending")), _measured(SPENDING, told)),
        (told.gettext(_("Cases")), _measured(CasesHandled, told)),
    ]
    purposes = dict.fromkeys(one.purpose for one in found.regimes)
    rows += [(told.gettext(_("Stated purpose")), _measured(purpose(name), told)) for name in purposes]
    return Table(_heads(told, _("Column"), _("What it holds")), rows)


def _burdens(found: Ranking, harm: type[Measure], told: Words) -> Table:
    """What a regime adds among a group less what it adds among the rest, a column for each group."""
    mine = {(one.regime, one.group): one for one in found.burdens if one.harm == harm.name}
    groups = list(dict.fromkeys(group for _regime, group in mine))
    rows = []
    for one in found.regimes:
        cells = [mine.get((one.regime, group)) for group in groups]
        rows.append(
            (
                _title(found, one.regime, told),
                *(
                    "–" if cell is None else Cell(shown(cell.difference, told), note=_apart(cell.members, cell.rest, told))
                    for cell in cells
                ),
            )
        )  # fmt: skip
    return Table(
        [told.gettext(_("Regime")), *map(told.gettext, groups)], rows, numbers=range(1, len(groups) + 1)
    )  # fmt: skip


def _apart(members: Estimate, rest: Estimate, told: Words) -> str:
    figures = [told.figures(f"{one.mean:,.0f}") if math.isfinite(one.mean) else "–" for one in (members, rest)]
    return told.say(_("{members} against {rest}"), members=figures[0], rest=figures[1])


def _summary(found: Ranking, told: Words) -> Table:
    none = told.gettext(_("no safeguard changes anything in this regime"))
    rows = []
    for one in found.regimes:
        figures = together(found, one.regime)
        rows.append((_title(found, one.regime, told), *(_avoided(figures, told) if figures else (none, "–", "–"))))
    heads = (_("Regime"), _("Wrong decisions avoided"), _("Adults spared at any time"), _("Lost of the stated purpose"))
    return Table(_heads(told, *heads), rows, numbers=(1, 2))


def _safeguards(rows: Sequence[SafeguardFigures], told: Words) -> Table:
    heads = (
        _("Safeguard"),
        _("Wrong decisions avoided"),
        _("Adults spared at any time"),
        _("Lost of the stated purpose"),
    )
    return Table(
        _heads(told, *heads),
        [(told.gettext(one.safeguard), *_avoided(one, told)) for one in rows],
        numbers=(1, 2),
    )


def _avoided(one: SafeguardFigures, told: Words) -> tuple[object, ...]:
    note = told.gettext(purpose(one.purpose).title)
    return shown(one.avoided, told), shown(one.avoided_people, told), Cell(shown(one.lost, told), note=note)


def _chart(found: Ranking, told: Words) -> Figure:
    rows = []
    for harm in HARMS:
        for one in found.regimes:
            value, guarded = getattr(one, harm.name), together(found, one.regime)
            if not math.isfinite(value.mean):
                continue
            low, high = (value.low, value.high) if math.isfinite(value.low) else (value.mean, value.mean)
            less = math.nan
            if guarded:
                less = value.mean - (guarded.avoided if harm is HARMS[0] else guarded.avoided_people).mean
            rows.append(
                {
                    "harm": told.gettext(harm.title),
                    "regime": _title(found, one.regime, told),
                    "mean": value.mean,
                    "low": low,
                    "high": high,
                    "guarded": less if math.isfinite(less) else None,
                }
            )
    each = "; ".join(f"{_title(found, one.regime, told)}: {shown(one.wrong_decisions, told)}" for one in found.regimes)
    title = _("What each regime adds of two harms")
    drawing = Drawing(
        "regimes",
        (told.gettext(title), title),
        harms_by_regime(rows, [_title(found, one.regime, told) for one in found.regimes]),
        rows,
        (
            told.say(_("Wrong decisions that each regime adds: {each}."), each=each),
            told.gettext(
                _(
                    "Each dot is what a regime adds to its own reference arm; the line through it is its 95 % interval. "
                    "A diamond is what it adds with all safeguards together. Per 100,000 adults: decisions a year, and people at "
                    "any time."
                )
            ),
        ),
    )
    return chart(drawing, found.question.scenarios[0], found.provenance.facts(), told)


def _meanings(found: Ranking, told: Words) -> Table | None:
    rows = [
        (_title(found, name, told), told.gettext(group), there, here or "–")
        for name, groups in found.meanings.items()
        for group, (there, here) in groups.items()
    ]
    if not found.question.shared or not rows:
        return None
    return Table(_heads(told, _("Regime"), _("Group"), _("In its own country"), _("In this population")), rows)


def _command(found: Ranking) -> str:
    one, question = found.question.scenarios[0], found.question
    texts = ["glasshouse rank", *(f"{each.name}.toml" for each in question.scenarios)]
    if not question.shared:
        texts.append("--own")
    texts += [f"--citizens {one.society.citizens} --replicates {one.run.replicates} --seed {one.run.seed}"]
    if question.shared:
        texts.append(f"--weeks {one.run.weeks}")
    texts += [f"--safeguard {name}" for name in question.safeguards] or ["--no-safeguards"]
    return " ".join(texts)
