"""The public function that puts regimes side by side."""

from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from glasshouse._api.options import RankOptions, check_options, merged, named, prepared

if TYPE_CHECKING:
    from glasshouse.analysis.ranking.question import RankQuestion
    from glasshouse.analysis.ranking.report import Ranking
    from glasshouse.scenario.scenario import Scenario, Settings


def rank(
    scenarios: "Sequence[str | Path | Scenario]" = (),
    settings: "Settings | None" = None,
    *,
    out: "str | Path | None" = None,
    **options: Unpack[RankOptions],
) -> "Ranking":
    """Put regimes side by side, sorted by the wrong decisions that each adds to its reference.

    By default all have one population (12,000 people of the Netherlands), one length and common random numbers.

    Parameters
    ----------
    scenarios : sequence of str, Path or Scenario, optional
        The regimes; all of `elsewhere/` by default.
    settings : mapping or sequence of str, optional
        Values that replace those of every scenario, as in `load`.
    out : str or Path, optional
        Folder for the page, `rank.html`, and its data. Without it nothing is written.
    **options : RankOptions
        As in `run`, and what is asked.

    Returns
    -------
    Ranking
        Harm, burden by group, redress, work and stated purpose of each regime, and what each safeguard avoids and
        costs; `write_report` writes its page.

    Raises
    ------
    glasshouse.errors.GlasshouseError
        Its subclasses name the phase, as in `run`.

    Examples
    --------
    >>> import glasshouse as gh
    >>> found = gh.rank(["elsewhere/watchlist", "elsewhere/sticky-list"], replicates=5)  # doctest: +SKIP
    >>> [(one.regime, str(one.wrong_decisions)) for one in found.regimes]  # doctest: +SKIP
    """
    from glasshouse._api.progress import progress_callback
    from glasshouse.analysis.ranking import report
    from glasshouse.report.ranking import write_ranking
    from glasshouse.storage import locked

    check_options("rank", options, RankOptions, {"scenarios": scenarios, "settings": settings})
    question = asked(scenarios, settings, options)
    with nullcontext() if out is None else locked(Path(out)), progress_callback(options.get("progress")) as callback:
        found = report.rank(question, threads=options.get("threads"), progress=callback)
        if out is not None:
            found.save(Path(out))
            write_ranking(found, Path(out) / "rank.html", options.get("language", "en"))
    return found


def asked(
    scenarios: "Sequence[str | Path | Scenario]", settings: "Settings | None", options: "RankOptions"
) -> "RankQuestion":
    """What is asked, with every scenario as it will be run.

    Parameters
    ----------
    scenarios : sequence of str, Path or Scenario
        The regimes; all of `elsewhere/` if empty.
    settings : mapping or sequence of str, optional
        Values that replace those of every scenario.
    options : RankOptions
        Keyword arguments of `rank`.

    Returns
    -------
    RankQuestion
        The question, not yet checked.
    """
    from glasshouse.analysis.default_size import sized
    from glasshouse.analysis.ranking.question import COMMON, RankQuestion, usual_regimes
    from glasshouse.analysis.ranking.safeguards import SAFEGUARDS

    own, given = options.get("own", False), named(settings, options)
    wanted: dict[str, Any] = {} if own else {key: value for key, value in COMMON.items() if key not in given}
    under = merged(settings, wanted)
    names = tuple(scenarios) or usual_regimes()
    countries = tuple(
        prepared(one, None, {"plugins": options.get("plugins", ())}).society.marginals for one in names
    )  # fmt: skip
    found = tuple(prepared(one, under, options) for one in names)
    if own:
        found = tuple(sized(one, given) for one in found)
    return RankQuestion(found, not own, countries, tuple(options.get("safeguards", SAFEGUARDS)))
