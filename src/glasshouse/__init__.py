"""Glasshouse: a laboratory for systems that track, score, list and sanction people.

    import glasshouse as gh
    result = gh.run("social-governance", citizens=100_000)
    result.effects.to_pandas()

It simulates synthetic populations, drawn from published aggregates. Nothing here accepts records about real people.

`gh.studies` holds the functions for studies (many runs), `gh.errors` the exceptions. Importing the package loads none of
its libraries: every name is imported when it is first used.
"""

TYPE_CHECKING = False  # Type checkers take this name for true. Importing it from `typing` would double the import time.
if TYPE_CHECKING:
    from glasshouse import errors
    from glasshouse._api import studies
    from glasshouse._api.analyses import audit, compare, decide, describe, remedy
    from glasshouse._api.assessments import assess, assess_rights
    from glasshouse._api.ranking import rank
    from glasshouse._api.runs import lives, load, open_result, plot, run, scenarios, show, write_report
    from glasshouse._api.savings import savings
    from glasshouse.analysis.ai_act.evidence import Evidence
    from glasshouse.analysis.attribution import Attribution
    from glasshouse.analysis.audit.report import AuditReport
    from glasshouse.analysis.comparison import Comparison
    from glasshouse.analysis.ranking.report import Ranking
    from glasshouse.analysis.remedies.report import RemedyReport
    from glasshouse.analysis.rights.report import RightsAssessment
    from glasshouse.analysis.savings.report import Savings
    from glasshouse.engine.progress import Progress
    from glasshouse.report.chart import Chart
    from glasshouse.results.life_selection import Lives
    from glasshouse.results.result import Result
    from glasshouse.scenario.scenario import Scenario

    __version__: str

__all__ = [
    "Attribution",
    "AuditReport",
    "Chart",
    "Comparison",
    "Evidence",
    "Lives",
    "Progress",
    "Ranking",
    "RemedyReport",
    "Result",
    "RightsAssessment",
    "Savings",
    "Scenario",
    "__version__",
    "assess",
    "assess_rights",
    "audit",
    "compare",
    "decide",
    "describe",
    "errors",
    "lives",
    "load",
    "open_result",
    "plot",
    "rank",
    "remedy",
    "run",
    "savings",
    "scenarios",
    "show",
    "studies",
    "write_report",
]

_MODULES = {
    "Chart": "report.chart",
    "Comparison": "analysis.comparison",
    "Attribution": "analysis.attribution",
    "AuditReport": "analysis.audit.report",
    "Evidence": "analysis.ai_act.evidence",
    "Lives": "results.life_selection",
    "Progress": "engine.progress",
    "Ranking": "analysis.ranking.report",
    "RemedyReport": "analysis.remedies.report",
    "Result": "results.result",
    "RightsAssessment": "analysis.rights.report",
    "Savings": "analysis.savings.report",
    "Scenario": "scenario.scenario",
    **dict.fromkeys(("assess", "assess_rights"), "_api.assessments"),
    **dict.fromkeys(("audit", "compare", "decide", "describe", "remedy"), "_api.analyses"),
    **dict.fromkeys(("lives", "load", "open_result", "plot", "run", "scenarios", "show", "write_report"), "_api.runs"),
    "rank": "_api.ranking",
    "savings": "_api.savings",
    "errors": "errors",
    "studies": "_api.studies",
}
"""The module of each public name."""


if not TYPE_CHECKING:  # so that type checkers know no other names

    def __getattr__(name: str) -> object:
        """Import a public name when it is first used (PEP 562).

        Parameters
        ----------
        name : str
            Name of the attribute.

        Returns
        -------
        object
            The function, class, module or version of that name.

        Raises
        ------
        AttributeError
            If the package has no such public name.
        """
        from importlib import import_module

        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        found: object
        if name == "__version__":
            found = import_module("glasshouse.results.provenance").version()
        elif name in ("errors", "studies"):
            found = import_module(f"glasshouse.{_MODULES[name]}")
        else:
            found = getattr(import_module(f"glasshouse.{_MODULES[name]}"), name)
        globals()[name] = found
        return found


def __dir__() -> list[str]:
    """Public names, imported or not, for completion.

    Returns
    -------
    list of str
        The names in alphabetical order.
    """
    return sorted({*globals(), *__all__})
