"""How far a study is, as a display shows it."""

from dataclasses import dataclass

from glasshouse.engine.progress import STAGES, Progress
from glasshouse.study.store.schema import Counts


@dataclass(frozen=True)
class StudyProgress(Progress):
    """How far a study is.

    Attributes
    ----------
    counts : Counts
        Numbers of runs by state, and of points.
    workers : int
        Number of workers that have runs, no matter who started them.
    """

    counts: Counts
    workers: int

    @property
    def label(self) -> str:
        """That runs are done."""
        return STAGES["run"]

    @property
    def done(self) -> int:
        """Runs that are done or failed."""
        return self.counts.ended

    @property
    def total(self) -> int:
        """Runs of the study."""
        return self.counts.total

    @property
    def unit(self) -> str:
        """Runs."""
        return "runs"

    @property
    def detail(self) -> str:
        """Runs, points, active workers and failures."""
        counts = self.counts
        parts = [
            f"{counts.ended:,} of {counts.total:,} runs",
            f"{counts.points_ended:,} of {counts.points:,} points",
            f"{self.workers} worker" + "s" * (self.workers != 1),
        ]
        if counts.failed:
            parts.append(f"{counts.failed:,} failed")
        return ", ".join(parts)
