"""Runs every replication and writes what came out: a page of the docs with its pictures.

    python verification/replications.py [--only granovetter,kuran] [--seed 1] [--out .]

Takes about six minutes on two cores. With --only nothing is written but the figures on the screen.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from glasshouse.replications.catalogue import CATALOGUE, find
from glasshouse.report import charts
from glasshouse.report.replication import ReplicationRun, band, drawing, ours, published, simulate


def figures_table(run: ReplicationRun) -> list[str]:
    """The figures of one replication as a table in Markdown."""
    head = ["| figure | published | ours (95 % interval) | band | verdict | why |", "|---|---|---|---|---|---|"]
    return head + [
        f"| {one.target.name}: {one.target.what} | {published(one)} {one.target.unit} | {ours(one)} | {band(one)} "
        f"| {one.verdict if one.verdict != 'differs' else '**differs**'} | {one.target.why} |"
        for one in run.figures
    ]


def section(run: ReplicationRun) -> str:
    """One replication: paper, equations, figures, pictures and what differs."""
    one = run.replication
    pictures = [
        f"![{chart.caption}](figures/replications/{name(one.name, place)}.svg)\n\n*{chart.title}.* {chart.caption}"
        for place, chart in enumerate(run.outcome.charts)
    ]
    missed = dict.fromkeys([*(f.target.name for f in run.judged if f.verdict == "differs"), *one.differs])
    causes = [f"- **{key}**: {one.differs.get(key, 'no cause is known yet.')}" for key in missed]
    blocks = [
        f"## {one.title}",
        f"`glasshouse replicate {one.name}` ({run.seconds:.0f} s). {one.citation}.",
        f"**{run.sentence}** {' '.join((one.__doc__ or '').split())} Confidence in the published figures: {one.confidence}.",
        f"```text\n{one.equations}\n```",
        "\n".join(figures_table(run)),
        *pictures,
        *(["What differs, and the likely cause:\n\n" + "\n".join(causes)] if causes else []),
    ]
    return "\n\n".join(blocks)


def name(replication: str, place: int) -> str:
    """Name of a picture's file."""
    return replication if place == 0 else f"{replication}-{place + 1}"


def page(every: Sequence[ReplicationRun], seed: int) -> str:
    """docs/replications.md."""
    whole = sum(one.seconds for one in every)
    lead = (
        f"Written by `python verification/replications.py --seed {seed}`; do not edit. Every model is simulated by "
        "Glasshouse's own engine: its file in `src/glasshouse/replications/` holds its rules as mechanisms. Bands were "
        "fixed before anything was run. Where ours lies outside, the verdict is “differs”, with the likely cause. "
        f"All of them together took {whole / 60:.0f} minutes on two cores."
    )
    return "\n\n".join(["# Published results, reproduced", lead, summary(every), *map(section, every)]) + "\n"


def summary(every: Sequence[ReplicationRun]) -> str:
    """The table of all replications in Markdown."""
    rows = ["| published result | figures that come out | that differ |", "|---|---|---|"]
    for one in every:
        missed = ", ".join(f.target.name for f in one.judged if f.verdict == "differs") or "none"
        anchor = "".join(c for c in one.replication.title.lower().replace(" ", "-") if c.isalnum() or c == "-")
        link = f"[{one.replication.title}](#{anchor})"
        rows.append(f"| {link} | {one.reproduced} of {len(one.judged)} | {missed} |")
    return "\n".join(rows)


def write(every: Sequence[ReplicationRun], seed: int, root: Path) -> None:
    """Writes the page and its pictures."""
    pictures = root / "docs" / "figures" / "replications"
    pictures.mkdir(parents=True, exist_ok=True)
    for one in every:
        for place, chart in enumerate(one.outcome.charts):
            drawn = charts.svg_file(drawing(chart))
            (pictures / f"{name(one.replication.name, place)}.svg").write_text(drawn, encoding="utf-8")
    (root / "docs" / "replications.md").write_text(page(every, seed), encoding="utf-8")


def main() -> None:
    """Runs, prints and writes; ends with 1 if a judged figure differs without a cause on record."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--only", default="")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path())
    given = parser.parse_args()
    chosen = [find(name) for name in given.only.split(",")] if given.only else CATALOGUE
    begun, every, unexplained = time.perf_counter(), [], 0
    for kind in chosen:
        run = simulate(kind, given.seed)
        every.append(run)
        unexplained += sum(f.verdict == "differs" and f.target.name not in kind.differs for f in run.judged)
        print(f"{kind.name}: {run.sentence} {run.seconds:.0f} s", flush=True)
        for one in run.figures:
            print(
                f"  {one.target.name:24} published {published(one):>12}  ours {ours(one):32} {one.verdict}", flush=True
            )
    print(f"{time.perf_counter() - begun:.0f} seconds")
    if not given.only:
        write(every, given.seed, given.out)
    sys.exit(unexplained > 0)


if __name__ == "__main__":
    main()
