"""The shortest way to a result: a shipped scenario, smaller and shorter than it ships, and what the regime changes."""

import math

import glasshouse as gh

result = gh.run("social-governance", citizens=6_000, weeks=312, replicates=3, settings={"run.rollout": 52})

print(result.headline)
print()
effects = result.effects
for measure, group, mean, low, high, unit in zip(
    effects["measure"], effects["group"], effects["mean"], effects["low"], effects["high"], effects["unit"], strict=True
):
    if group == "everybody":
        interval = "no interval" if math.isnan(low) else f"{low:.4f} to {high:.4f}"
        print(f"{measure:22} {mean:10.4f}  ({interval})  {unit}")
