"""Results as data frames: the yearly share of complaints by arm, with pandas."""

import glasshouse as gh

result = gh.run("social-governance", citizens=6_000, weeks=312, replicates=2, settings={"run.rollout": 52})

weekly = result.weekly.to_pandas()
weekly = weekly[weekly["group"] == "everybody"]
weekly["year"] = weekly["week"] // 52
yearly = weekly.groupby(["arm", "year"])[["complaints", "problems_open"]].sum()
yearly["complaints a week with a problem"] = (yearly["complaints"] / yearly["problems_open"]).round(4)
print(yearly["complaints a week with a problem"].unstack("arm").to_string())
