"""The result of a run: sums and measures of both arms by name, effects with intervals, and tables of all of them."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, wraps
from html import escape
from pathlib import Path
from textwrap import wrap

from glasshouse.errors import AnalysisError
from glasshouse.model.declarations import Sum
from glasshouse.model.measure import Measure
from glasshouse.model.measures import CATALOGUE
from glasshouse.results import did, key_figures, result_tables, table_notes
from glasshouse.results.life_selection import Lives
from glasshouse.results.measures_by_arm import MeasuresByArm
from glasshouse.results.output_folder import MARK
from glasshouse.results.provenance import Provenance
from glasshouse.results.table import Table
from glasshouse.results.totals import WeeklyTotals
from glasshouse.scenario.scenario import Scenario
from glasshouse.scenario.toml_text import to_toml
from glasshouse.storage import write_atomic


def _explained(build: Callable[["Result"], Table]) -> "cached_property[Table]":
    """A table of a result that says what its columns are and what it comes from."""

    @wraps(build)
    def table(self: "Result") -> Table:
        found = build(self)
        notes = {**table_notes.of_measures(self.catalogue), **table_notes.of_sums(self.sums), **table_notes.KEYS}
        return replace(found, notes=notes, about={"table": found.name, **table_notes.facts(self.provenance)})

    return cached_property(table)


@dataclass(frozen=True)
class Result(MeasuresByArm):
    """The sums of all replicates of a run, and what is computed from them.

    Attributes
    ----------
    scenario : Scenario
        What was run.
    sums, paired : tuple of Sum
        Declarations of the sums of each arm and of the paired sums.
    weekly_totals : tuple of WeeklyTotals
        The sums of each replicate.
    provenance : Provenance
        Scenario, seed, code, versions and machine of the run.
    catalogue : tuple of type of Measure
        The measures of its tables.
    lives : Lives or None
        Life courses of exemplary citizens of the first replicate, which no file holds; None where that replicate was
        resumed from a checkpoint.
    span : tuple of int or None
        First week, and the week before which it ends, of the window that measures are taken over; see `within`.
    """

    scenario: Scenario
    sums: tuple[Sum, ...]
    paired: tuple[Sum, ...]
    weekly_totals: tuple[WeeklyTotals, ...]
    provenance: Provenance
    catalogue: tuple[type[Measure], ...] = CATALOGUE
    lives: Lives | None = None
    span: tuple[int, int] | None = None

    def within(self, first: int, last: int) -> "Result":
        """The same result with measures taken over another window.

        Parameters
        ----------
        first : int
            First week of the window, counted from the start of the run.
        last : int
            Week before which the window ends, counted likewise.

        Returns
        -------
        Result
            With the window changed.

        Raises
        ------
        AnalysisError
            For weeks that the run does not have.
        """
        if not 0 <= first < last <= self.scenario.run.weeks:
            raise AnalysisError(
                f"The run has weeks 0 to {self.scenario.run.weeks} and so no window from {first} to {last}. Give a first "
                "week and, after it, the week before which the window ends."
            )
        return replace(self, span=(first, last))

    def did(self, measure: str) -> did.Study:
        """What difference-in-differences studies of the roll-out find of a measure.

        Parameters
        ----------
        measure : str
            Name of a measure that has a value by district.

        Returns
        -------
        Study
            See `did.study_of`, also for errors.
        """
        return did.study_of(self, measure)

    weekly = _explained(result_tables.weekly)
    over_time = _explained(result_tables.over_time)
    districts = _explained(result_tables.districts)
    measures = _explained(result_tables.measures)
    effects = _explained(result_tables.effects)
    burdens = _explained(result_tables.burdens)

    @property
    def tables(self) -> tuple[Table, ...]:
        """All tables, as `save` writes them."""
        return (self.measures, self.effects, self.burdens, self.over_time, self.weekly, self.districts)

    @property
    def headline(self) -> str:
        """The result in one sentence, with intervals; of screening where recipients are screened."""
        if any(getattr(one, "capacity", 0.0) > 0.0 for one in self.scenario.mechanisms if one.name == "screening"):
            return key_figures.screened_sentence(self.level)
        return key_figures.sentence(self.effect, self.level)

    @property
    def certainty(self) -> str:
        """What the intervals hold, and what they do not, in a sentence or two."""
        return key_figures.certainty(len(self.weekly_totals))

    def save(self, folder: Path) -> None:
        """Write the tables as Parquet, the small ones as CSV too, a codebook, provenance as JSON and the scenario as TOML.

        Parameters
        ----------
        folder : Path
            Where to write; created if it does not exist.

        Raises
        ------
        StoringError
            If a file cannot be written.
        """
        for table in self.tables:
            table.write(folder / f"{table.name}.parquet")
        for table in (self.measures, self.effects, self.burdens, table_notes.codebook(self.tables, self.catalogue)):
            table.to_csv(folder / f"{table.name}.csv")
        provenance = json.dumps(self.provenance.facts(), indent=2, ensure_ascii=False) + "\n"
        texts = ((MARK, to_toml(self.scenario), "the scenario"), ("provenance.json", provenance, "the provenance"))
        for name, text, what in texts:
            write_atomic(folder / name, text, what)

    def __repr__(self) -> str:
        run = self.scenario.run
        size = (
            f"{self.scenario.society.citizens:,} citizens, {run.weeks:,} weeks, replicates: {len(self.weekly_totals):,}"
        )
        return "\n".join(
            [f"Result of {self.scenario.name} ({size}, seed {run.seed})", *wrap(self.headline, 100, initial_indent="  ",
             subsequent_indent="  "), *wrap(self.certainty, 100, initial_indent="  ", subsequent_indent="  ")]
        )  # fmt: skip

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{escape(measure.title)}</td><td>{self.effect(measure).change(1.0, '')}</td><td>{measure.unit}</td></tr>"
            for measure in self.catalogue
        )
        return (
            f"<p><strong>{escape(self.scenario.title)}</strong></p><p>{escape(self.headline)}</p>"
            f"<p>{escape(self.certainty)}</p>"
            f"<table><tr><th>What the regime changes</th><th>Effect (95 % interval)</th><th>Unit</th></tr>{rows}</table>"
        )
