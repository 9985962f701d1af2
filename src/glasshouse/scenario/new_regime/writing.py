"""The scenario file that the answers make: own answers with their source, every other value as an assumption with its prior."""

import textwrap
from collections.abc import Mapping
from typing import Any

import tomlkit

from glasshouse.model.declarations import Table
from glasshouse.model.entities import MOST_GROUPS
from glasshouse.model.mechanisms.feedback import Feedback
from glasshouse.model.mechanisms.investigation import Investigation
from glasshouse.model.mechanisms.recipients import Recipients
from glasshouse.model.mechanisms.screening import Screening
from glasshouse.population import marginals_files
from glasshouse.population.groups import without_members
from glasshouse.scenario.new_regime.answers import Answer
from glasshouse.scenario.new_regime.expected import GIVE_UP, Expected
from glasshouse.scenario.toml_text import toml_item

BASE = "rows/base"
"""The scenario that the file extends."""

TOLD_APART = ("woman", "lone parent", "minority", "poorest fifth", "migrant", "rural")
"""Groups for which figures are given besides those that raise the score, as far as the country has them."""

WEIGHT = 0.4
"""Standard deviations that a trait adds to the score."""

WIDTH = 110
"""Characters of a line of text."""

HEAD = """\
 A screening regime from fifteen answers, made by `glasshouse new`.

 “answer” marks an own answer, with its source where one was given; “solved” what follows from answers; “assumed” what
 nobody gave. `prior` is the range in which a value is in doubt: studies vary values over it. What is not set here is as in
 the scenario that this file extends, and an assumption there; `glasshouse describe FILE` lists it all."""

ABOUT = (
    "A score flags people for investigation once a year. Who is scored: {who}. Law: {law}. In the reference arm as many people "
    "are investigated, all of them drawn by lot."
)

NARROW = "the range is narrow, since the number of recipients is an answer; assumed"

NO_APPEAL_OF_CASES = "in both arms, against restrictions by lists; the model has no appeal against a finding"


def scenario_text(answers: Mapping[str, Answer], figures: Expected) -> str:
    """Write the scenario file.

    Parameters
    ----------
    answers : mapping of str to Answer
        All answers, by key.
    figures : Expected
        What was solved from them.

    Returns
    -------
    str
        The file, in TOML.
    """
    document = tomlkit.document()
    for line in HEAD.splitlines():
        document.add(tomlkit.comment(line.strip()) if line.strip() else tomlkit.comment(""))
    document.add(tomlkit.nl())
    law = answers["law"].value or "not stated"
    document.add("extends", toml_item(BASE))
    document.add("title", toml_item(f"Screening: {answers['who'].value}"))
    about = textwrap.fill(ABOUT.format(who=answers["who"].value, law=law), WIDTH)
    document.add("about", toml_item(f"{about}\n"))
    for name, entries in _tables(answers, figures).items():
        place: Any = document
        *above, last = name.split(".")
        for part in above:
            if part not in place:
                place.add(part, tomlkit.table(is_super_table=True))
            place = place[part]
        table = tomlkit.table()
        for key, (value, comment) in entries.items():
            item = toml_item(value)
            table.add(key, item)
            item.comment(comment)
            item.trivia.comment_ws = "  "
        place.add(last, table)
    return tomlkit.dumps(document)


Entries = dict[str, tuple[Any, str]]


def _tables(answers: Mapping[str, Answer], figures: Expected) -> dict[str, Entries]:
    weeks = answers["weeks"]
    by_lot = figures.by_lot / (figures.flagged + figures.by_lot)
    reference = {
        "capacity": (figures.capacity, "as under the regime"),
        "random_share": (1.0, "all of them by lot; design"),
    }
    case = {
        "duration": (float(weeks.value), _said("weeks", weeks)),
        "stop": (figures.withheld, _said("withheld", answers["withheld"])),
    }
    appeals = _appeals(answers["appeal"])
    return {
        "run": {"weeks": (156, "a year of reference conditions, then two years of the regime; design")},
        "society": {
            "citizens": (answers["residents"].value, _said("residents", answers["residents"])),
            "marginals": (answers["country"].value, _said("country", answers["country"])),
            "groups": (_groups(answers), "those that raise the score, then others; design"),
        },
        "recipients": _recipients(answers, figures),
        "screening": _screening(answers, figures, by_lot),
        "investigation": case | _assumed(Investigation, ("sensitivity", "specificity", "confirmation")),
        "feedback": _assumed(Feedback, ("gain",)),
        "safeguards": appeals,
        "reference.screening": reference,
        "reference.investigation": {key: (value, "as under the regime") for key, (value, _) in case.items()},
        "reference.safeguards": {key: (value, "as under the regime") for key, (value, _) in appeals.items()},
    }


def _recipients(answers: Mapping[str, Answer], figures: Expected) -> Entries:
    spread = 0.05 if figures.line < 10.0 else 0.5
    told = f"solved so that {figures.recipients:,.0f} people draw the benefit; {_said('recipients', answers['recipients'])}"
    line = "the default" if figures.line == Recipients().line else "solved with eligible"
    if answers["means_test"].value == "no":
        line = f"no income reaches it; {_said('means_test', answers['means_test'])}"
    known = answers["irregular"].value is not None
    low, high = (0.8, 1.25) if known else (max(figures.caught / 0.8, 0.2), 4.0)
    basis = _said("irregular", answers["irregular"]) if known else "assumed, and high enough for the right flags"
    odds = f"{figures.irregular:.3g} of claims are irregular; {basis}"
    return {
        "line": (_doubt(figures.line, (1.0 - spread) * figures.line, figures.line * (1.0 + spread * (spread < 0.5))),
                 f"{line}; {NARROW}"),
        "eligible": (round(figures.eligible, 9), told),
        "give_up": (_doubt(GIVE_UP, 0.0015, 0.0025), f"as in elsewhere/benefit-screening; {NARROW}"),
        "resume": (_doubt(Recipients().resume, 0.003, 0.005), f"the default; {NARROW}"),
        "odds": (_doubt(figures.odds, low * figures.odds, min(high * figures.odds, 5.0)), odds),
        **_assumed(Recipients, ("mistake", "spell", "by_volatility")),
    }  # fmt: skip


def _screening(answers: Mapping[str, Answer], figures: Expected, by_lot: float) -> Entries:
    flagged, right, reviewer = answers["flagged"], answers["right"], answers["reviewer"]
    found: Entries = {
        "capacity": (round(figures.capacity, 9), f"{figures.flagged:,.0f} flags a year and the lot, for 1,000 recipients; "
                     f"{_said('flagged', flagged)}"),
        "random_share": (round(by_lot, 9), f"{figures.by_lot:,.0f} a year; {_said('by_lot', answers['by_lot'])}"),
        "precision": (right.value, _said("right", right)),
    }  # fmt: skip
    said = _said("reviewer", reviewer)
    if reviewer.value == "chooses":
        found |= {"chooses": ("reviewer", said)} | _assumed(Screening, ("reviewer_quality", "trust"))
    elif reviewer.value == "checks":
        found |= {"reviewed": (1.0, said)} | _assumed(Screening, ("reviewer_quality", "trust", "override_cost"))
    else:
        found |= {"reviewed": (0.0, said)}
    for group in answers["looked_at"].value:
        key = f"weight_{group.replace(' ', '_')}"
        found[key] = (_doubt(WEIGHT, 0.0, 0.8), f"{_said('looked_at', answers['looked_at'])}; size assumed")
    found["drop"] = (
        _doubt(0.0, 0.0, 0.1),
        "the share of right flags is one in use, so that the range is narrow; assumed",
    )
    return found | _assumed(Screening, ("habit",))


def _appeals(appeal: Answer) -> Entries:
    said = f"{_said('appeal', appeal)}; {NO_APPEAL_OF_CASES}"
    found: Entries = {"appeal": (0.0 if appeal.value == "none" else 1.0, said)}
    return found | ({"notice": (1.0, said)} if appeal.value == "notice" else {})


def _assumed(model: type[Table], keys: tuple[str, ...]) -> Entries:
    """Values of a mechanism's defaults with the priors that it declares."""
    found: Entries = {}
    for key in keys:
        extra: Any = model.model_fields[key].json_schema_extra
        low, high = extra["prior"]
        found[key] = (_doubt(model.model_fields[key].default, low, high), "the default; assumed")
    return found


def _doubt(value: float, low: float, high: float) -> dict[str, Any]:
    return {"value": round(value, 9), "prior": [round(low, 9), round(high, 9)]}


def _said(key: str, answer: Answer) -> str:
    """What a comment says of an answer: where it comes from."""
    if not answer.own:
        return f"{key}: not answered; assumed"
    return f"answer to {key}: {answer.source or 'no source given'}"


def _groups(answers: Mapping[str, Answer]) -> tuple[str, ...]:
    """The groups that raise the score, then others that the country has, as many as can be told apart."""
    lacks = without_members(marginals_files.load(answers["country"].value))
    others = [group for group in TOLD_APART if group not in lacks]
    return tuple(dict.fromkeys((*answers["looked_at"].value, *others)))[:MOST_GROUPS]
