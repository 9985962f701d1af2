"""Public functions that assess scenarios by what the EU AI Act asks."""

from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from glasshouse._api.options import RightsOptions, RunOptions, check_options, named, prepared

if TYPE_CHECKING:
    from glasshouse.analysis.ai_act.evidence import Evidence
    from glasshouse.analysis.rights.report import RightsAssessment
    from glasshouse.scenario.scenario import Scenario, Settings


def assess(
    scenario: "str | Path | Scenario",
    settings: "Settings | None" = None,
    *,
    relatedness: "str | Path" = "usual",
    minor: float = 0.5,
    out: "str | Path | None" = None,
    **options: Unpack[RunOptions],
) -> "Evidence":
    """Lay a scenario out by the elements of Article 5(1)(c) of the EU AI Act: figures and assumptions, never a verdict.

    Parameters
    ----------
    scenario : str, Path or Scenario
        The scenario to assess.
    settings : mapping or sequence of str, optional
        Values that replace those of the scenario, as in `load`.
    relatedness : str or Path
        Which agency's data bear on which decision: the name of a shipped matrix or the path of a TOML file.
    minor : float
        Harm in welfare-weeks up to which an act counts as minor.
    out : str or Path, optional
        Folder for the evidence sheet, `evidence.html`, and its data. Without it nothing is written.
    **options : RunOptions
        As in `run`. Unless `citizens` is given here or in `settings`, the population has at most 12,000.

    Returns
    -------
    Evidence
        The evidence sheet; `write_report` writes its page.

    Raises
    ------
    glasshouse.errors.GlasshouseError
        Its subclasses name the phase, as in `run`.

    Examples
    --------
    >>> import glasshouse as gh
    >>> gh.write_report(gh.assess("social-governance"), "evidence.html")  # doctest: +SKIP
    """
    from glasshouse._api.progress import progress_callback
    from glasshouse.analysis import default_size
    from glasshouse.analysis.ai_act import assessment
    from glasshouse.analysis.ai_act import relatedness as matrix
    from glasshouse.report.write import write_evidence
    from glasshouse.results.output_folder import claim
    from glasshouse.storage import locked

    check_options("assess", options, RunOptions, {"settings": settings})
    sized = default_size.sized(prepared(scenario, settings, options), named(settings, options))
    ratings, threads = matrix.load(relatedness, sized.declared.complete), options.get("threads")
    if out is not None:
        claim(Path(out), sized)
    with nullcontext() if out is None else locked(Path(out)), progress_callback(options.get("progress")) as callback:
        found = assessment.assess(sized, ratings=ratings, minor=minor, threads=threads, progress=callback)
        if out is not None:
            found.save(Path(out))
            write_evidence(found, Path(out) / "evidence.html")
    return found


def assess_rights(
    scenario: "str | Path | Scenario",
    settings: "Settings | None" = None,
    *,
    relatedness: "str | Path" = "usual",
    minor: float = 0.5,
    out: "str | Path | None" = None,
    **options: Unpack[RightsOptions],
) -> "RightsAssessment":
    """Give the figures of a fundamental-rights impact assessment, Article 27 of the EU AI Act: never a verdict.

    Parameters
    ----------
    scenario : str, Path or Scenario
        The scenario to assess.
    settings : mapping or sequence of str, optional
        Values that replace those of the scenario, as in `load`.
    relatedness : str or Path
        As in `assess`, for the evidence sheet, which an assessment contains.
    minor : float
        As in `assess`.
    out : str or Path, optional
        Folder for `fria.html`, `fria.docx` (needs python-docx), `fria.json` and the evidence sheet.
    **options : RightsOptions
        As in `assess`, and how likelihoods are counted.

    Returns
    -------
    RightsAssessment
        Figures under the six inputs, and the harms; `write_report` writes it as `.html`, `.docx` or `.md`.

    Raises
    ------
    glasshouse.errors.GlasshouseError
        Its subclasses name the phase, as in `run`.

    Examples
    --------
    >>> import glasshouse as gh
    >>> found = gh.assess_rights("social-governance", draws=20)  # doctest: +SKIP
    >>> gh.write_report(found, "fria.docx")  # doctest: +SKIP
    """
    from glasshouse._api.progress import progress_callback
    from glasshouse.analysis import default_size
    from glasshouse.analysis.ai_act import relatedness as matrix
    from glasshouse.analysis.rights import assessment
    from glasshouse.report.write import save_rights
    from glasshouse.results.output_folder import claim
    from glasshouse.storage import locked

    check_options("assess_rights", options, RightsOptions, {"settings": settings})
    sized = default_size.sized(prepared(scenario, settings, options), named(settings, options))
    plan = assessment.plan_of(matrix.load(relatedness, sized.declared.complete), minor, options)
    if out is not None:
        claim(Path(out), sized)
    with nullcontext() if out is None else locked(Path(out)), progress_callback(options.get("progress")) as callback:
        found = assessment.assess_rights(sized, plan, threads=options.get("threads"), progress=callback)
        if out is not None:
            save_rights(found, Path(out))
    return found
