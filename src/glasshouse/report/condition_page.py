"""The page of what follows from disclosed counts."""

from pathlib import Path

from glasshouse.analysis.calibration.conditioned import Conditioned
from glasshouse.report import condition_words, templates
from glasshouse.report.elements import Table
from glasshouse.storage import write_atomic


def write_condition(found: Conditioned, path: Path) -> None:
    """Write the page as one self-contained HTML file, whole or not at all.

    Parameters
    ----------
    found : Conditioned
        What was found.
    path : Path
        Where the file goes; folders are created as needed.

    Raises
    ------
    StoringError
        If the file cannot be written.
    """
    write_atomic(path, condition_page(found), "the page")


def condition_page(found: Conditioned) -> str:
    """The page of what follows from disclosed counts.

    Parameters
    ----------
    found : Conditioned
        What was found.

    Returns
    -------
    str
        The whole page.
    """
    settings = [condition_words.setting_row(found, one) for one in found.settings]
    outcomes = [condition_words.outcome_row(found, one) for one in found.outcomes]
    return templates.page(
        "condition.html",
        targets=found.targets,
        sentence=condition_words.sentence(found),
        warnings=found.warnings,
        cannot=condition_words.CANNOT,
        trials=condition_words.trials_text(found),
        counts=Table(
            ("What was counted", "Count", "Among", "Disclosed by"),
            [condition_words.count_row(one) for one in found.targets.fitted],
            numbers=(1, 2),
        ),
        settings=Table(
            ("Setting", "Range that was studied", "Plausible given the counts, 90 %", "Learnt", "Truth held"),
            settings,
            numbers=(1, 2, 4),
        ),
        outcomes=Table(
            ("Harm", "Figure", "Before, 90 %", "Given the counts, 90 %", "Truth held"), outcomes, numbers=(2, 3, 4)
        ),
        facts=Table(
            ("What", "Value"),
            [
                ("Study of runs", found.study),
                ("Runs", f"{found.runs:,}"),
                ("Effective runs near the counts", f"{found.effective:.0f}"),
                ("Runs as far out as the counts", f"{100 * found.reach:.0f} %"),
            ],
        ),
        scenario=str(found.definition["scenario"]),
    )
