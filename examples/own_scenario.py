"""A scenario file of one's own beside the shipped one: does the harm come from the sanctions or from the listing?"""

from pathlib import Path

import glasshouse as gh
from glasshouse.model.measures.governance import GovernanceSoon
from glasshouse.model.measures.speech import Chilling
from glasshouse.model.measures.welfare import WelfareLost

mine = gh.load(Path(__file__).with_name("rewards_only.toml"))
theirs = gh.load("social-governance", {"citizens": 6_000, "weeks": 312, "replicates": 3, "run.rollout": 52})

for scenario in (theirs, mine):
    result = gh.run(scenario)
    print(scenario.title)
    for measure in (WelfareLost, Chilling, GovernanceSoon):
        print(f"  {measure.title}: {result.effect(measure)} [{measure.unit}]")
