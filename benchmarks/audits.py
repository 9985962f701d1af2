"""How long do audits of one population take, and audits over draws from the prior ranges?

    python benchmarks/audits.py [--draws N]

Times 10,000 audits of one group by every method, on the cross-count of one run, and the run and 1,000 audits of each of a few
draws (2, or N), in processor seconds of all threads: seconds on the clock depend on what else the machine does. 200 draws are
reckoned from these, as if two processors did nothing else.
"""

import argparse
import time

from glasshouse.analysis.audit.desk import Practice
from glasshouse.analysis.audit.draws import over_draws
from glasshouse.analysis.audit.scoring import AUDITS, Question, scores
from glasshouse.analysis.audit.simulation import cross_counts
from glasshouse.analysis.audit.world import World
from glasshouse.analysis.prior_draws import drawn_scenarios
from glasshouse.scenario.scenario import load, override

SIZES = (12_000, 4_000)
MANY, PROCESSORS = 200, 2


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--draws", type=int, default=2, help="draws that are timed in each size")
    given = parser.parse_args()
    question, practice = Question("migrant"), Practice()
    lines = ["| what | processor seconds |", "|---|---:|"]
    for citizens in SIZES:
        scenario = override(load("social-governance"), {"society.citizens": citizens, "run.replicates": 1})
        (counted,), _ = cross_counts(scenario, threads=PROCESSORS)  # compiled code is loaded before anything is timed
        if citizens == SIZES[0]:
            begun = time.process_time()
            scores(World.of(counted, question.yardstick), question, practice, audits=AUDITS)
            lines.append(f"| {AUDITS:,} audits of one group by each method | {time.process_time() - begun:.1f} |")
        drawn = drawn_scenarios(scenario, given.draws)
        begun = time.process_time()
        over_draws(drawn, [question], practice, threads=PROCESSORS)
        each = (time.process_time() - begun) / given.draws
        lines.append(f"| one draw: a run of {citizens:,} citizens over 13 years, and its audits | {each:.1f} |")
        minutes = each * MANY / PROCESSORS / 60
        lines.append(
            f"| {MANY} such draws, reckoned, on {PROCESSORS} processors | {minutes:.0f} minutes on the clock |"
        )
    print("\n".join(lines))


if __name__ == "__main__":
    main()
