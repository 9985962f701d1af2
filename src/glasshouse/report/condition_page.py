"""The page of what follows from disclosed counts."""

from pathlib import Path

from glasshouse.analysis.calibration.conditioned import Conditioned
from glasshouse.report import condition_words, rival_words, templates
from glasshouse.report.elements import Table
from glasshouse.report.i18n import Words, words
from glasshouse.report.i18n import mark as _
from glasshouse.storage import write_atomic


def write_condition(found: Conditioned, path: Path, language: str = "en") -> None:
    """Write the page as one self-contained HTML file, whole or not at all.

    Parameters
    ----------
    found : Conditioned
        What was found.
    path : Path
        Where the file goes; folders are created as needed.
    language : str, default "en"
        The language of the page, a key of `LANGUAGES`.

    Raises
    ------
    StoringError
        If the file cannot be written.
    """
    write_atomic(path, condition_page(found, language), "the page")


def condition_page(found: Conditioned, language: str = "en") -> str:
    """The page of what follows from disclosed counts.

    Parameters
    ----------
    found : Conditioned
        What was found.
    language : str, default "en"
        The language of the page outside its documentation, a key of `LANGUAGES`.

    Returns
    -------
    str
        The whole page.
    """
    told = words(language)

    def heads(*texts: str) -> list[str]:
        return [told.gettext(text) for text in texts]

    return templates.page(
        "condition.html",
        language,
        words=told,
        targets=found.targets,
        sentence=condition_words.sentence(found, told),
        warnings=condition_words.warnings(found, told),
        cannot=[told.gettext(text) for text in condition_words.CANNOT],
        trials=condition_words.trials_text(found, told),
        counts=Table(
            heads(_("What was counted"), _("Count"), _("Among"), _("Disclosed by")),
            [condition_words.count_row(one, told) for one in found.targets.fitted],
            numbers=(1, 2),
        ),
        settings=Table(
            heads(
                _("Setting"),
                _("Range that was studied"),
                _("Plausible given the counts, 90 %"),
                _("Learnt"),
                _("Truth held"),
            ),
            [condition_words.setting_row(found, one, told) for one in found.settings],
            numbers=(1, 2, 4),
        ),
        outcomes=Table(
            heads(_("Harm"), _("Whose figure"), _("Before, 90 %"), _("Given the counts, 90 %"), _("Truth held")),
            [condition_words.outcome_row(found, one, told) for one in found.outcomes],
            numbers=(2, 3, 4),
        ),
        rivals=_rivals(found, told),
        rival_sentence=rival_words.sentence(found.rivals, told) if found.rivals else "",
        facts=_facts(found),
        scenario=str(found.definition["scenario"]),
        script=templates.script("chart_tools.js"),
    )


def _rivals(found: Conditioned, told: Words) -> Table | None:
    """What another model predicts, given the same counts."""
    if found.rivals is None:
        return None
    spans = [f"{name}, 90 %" for name in (found.rivals.first, found.rivals.second)]
    head = [
        told.gettext(_("Harm")),
        *spans,
        told.gettext(_("Apart, standard deviations")),
        told.gettext(_("Least count")),
    ]
    return Table(head, rival_words.rival_rows(found.rivals, told), numbers=(1, 2, 3))


def _facts(found: Conditioned) -> Table:
    rows = [
        ("Study of runs", found.study),
        ("Runs", f"{found.runs:,}"),
        ("Effective runs near the counts", f"{found.effective:.0f}"),
        ("Runs as far out as the counts", f"{100 * found.reach:.0f} %"),
    ]
    return Table(("What", "Value"), rows)
