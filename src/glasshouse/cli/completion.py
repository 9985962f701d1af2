"""Names that a shell completes: scenarios, marginals, claims and replications."""

from collections.abc import Callable, Iterable

import click
from click.shell_completion import CompletionItem

Completion = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


def _completing(names: Callable[[], Iterable[str]]) -> Completion:
    """A function that completes shipped names, and file names where none of them begins so."""

    def complete(_: click.Context, __: click.Parameter, begun: str) -> list[CompletionItem]:
        found = [CompletionItem(name) for name in names() if name.startswith(begun)]
        # Shells complete file names themselves.
        return found or [CompletionItem(begun, type="file")]

    return complete


def _scenarios() -> Iterable[str]:
    from glasshouse.scenario.files import library_names

    return library_names()


def _marginals() -> Iterable[str]:
    from glasshouse.population.marginals_files import names

    return names()


def _claims() -> Iterable[str]:
    from glasshouse.analysis.claims import names

    return names()


def _relatedness() -> Iterable[str]:
    from glasshouse.analysis.ai_act.relatedness import names

    return names()


def _replications() -> Iterable[str]:
    from glasshouse.replications.catalogue import CATALOGUE

    return [one.name for one in CATALOGUE]


def _shipped() -> Iterable[str]:
    return sorted({*_scenarios(), *_marginals(), *_claims(), *_relatedness()})


scenario_names = _completing(_scenarios)
marginals_names = _completing(_marginals)
claim_names = _completing(_claims)
relatedness_names = _completing(_relatedness)
replication_names = _completing(_replications)
shipped_names = _completing(_shipped)
