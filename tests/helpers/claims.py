"""Claims and studies with planted answers, for tests of claims and of what is drawn of them."""

import json

import numpy as np

from glasshouse.analysis import claim_test
from glasshouse.analysis.claims import Claim
from glasshouse.analysis.expression import names_of, parse_condition
from glasshouse.model.measure import FloatArray
from glasshouse.model.measures import CATALOGUE
from glasshouse.scenario.scenario import load as load_scenario
from glasshouse.study import design
from glasshouse.study.design import Design
from glasshouse.study.factor import Factor
from glasshouse.study.findings import Findings
from glasshouse.study.store.schema import Counts

KNOWN = names_of(CATALOGUE)
TWO = (Factor("observation.coverage", 0.0, 1.0, unit="share"), Factor("observation.misread", 0.0, 2.0))


def findings_of(
    made: Design, figures: dict[str, FloatArray], replicates: int = 1, without: tuple[int, ...] = (), **about: object
) -> Findings:
    """Findings of a study with these figures (points, replicates), but for the runs left out."""
    points = len(made.points)
    run = np.array([n for n in range(points * replicates) if n not in without])
    columns = {"run": run, "point": run // replicates, "replicate": run % replicates}
    columns |= {name: values.reshape(points, replicates).ravel()[run] for name, values in figures.items()}
    told = {"replicates": replicates, "title": "t", "scenario_name": "base", "design": design.design_to_dict(made)}
    told |= {"paired": False, **about}
    parameters = tuple(design.settings_at(made, number) for number in range(points))
    counts = Counts(0, 0, len(run), len(without))
    table = claim_test.Table("figures", columns)
    return Findings("s", json.loads(json.dumps(told)), counts, table, (), parameters)


def claim(expression: str, *, shipped: bool = True) -> Claim:
    text = parse_condition(expression, KNOWN)
    return Claim("mine", "A sentence about regimes.", text, load_scenario("rows/base"), {}, "x", shipped=shipped)


def planted(points: int = 120, seed: int = 2) -> Findings:
    """Control above zero where coverage is above 0.6 alone; silence likewise."""
    made = design.make_design("latin-hypercube", (*TWO, *(Factor(f"a.x{k}", 0.0, 1.0) for k in range(4))), points, seed)
    figures = made.points[:, :1] - 0.6
    return findings_of(made, {"control": figures, "chilling": figures})


def wrong_lists(made: Design, shares: FloatArray) -> Findings:
    """Two replicates at each point: one lists 1,000 people, this share of them wrongly, and one lists a single one wrongly.

    The regime's figure of a point is (1,000 x share + 1) / 1,001, whatever the mean of the two ratios is.
    """
    wrongly = np.stack([1000.0 * shares, np.ones(len(shares))], axis=1)
    listed = np.tile([1000.0, 1.0], (len(shares), 1))
    figures = {"wrongly_listed_share": wrongly / listed, "wrongly_listed_share.regime": wrongly / listed}
    for arm, factor in (("regime", 1.0), ("reference", 0.0)):
        figures |= {f"total:listed.{arm}": listed, f"total:listed_wrongly.{arm}": factor * wrongly}
    return findings_of(made, figures, 2)
