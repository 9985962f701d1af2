"""The model card: what the model is for, what it must not be used for, what it rests on, and how far it was checked.

After Mitchell et al. (2019), Model Cards for Model Reporting, doi:10.1145/3287560.3287596. Every count is read from the
declarations that the engine runs by and from the catalogue of replications, as in the ODD description.
"""

from glasshouse.model.measures import CATALOGUE as MEASURES
from glasshouse.population.marginals_files import label
from glasshouse.replications.catalogue import CATALOGUE as REPLICATIONS
from glasshouse.report.document import Document, Grid, Listing, Section, Text
from glasshouse.results import provenance
from glasshouse.scenario.parameter_provenance import values
from glasshouse.scenario.scenario import Scenario


def model_card(scenario: Scenario) -> Document:
    """The card of the model that a scenario runs.

    Parameters
    ----------
    scenario : Scenario
        The scenario.

    Returns
    -------
    Document
        The document.
    """
    return Document(
        "Model card",
        f"Glasshouse {provenance.version()}: {scenario.title}",
        (Text("Written from the model's own declarations after Mitchell et al. (2019), doi:10.1145/3287560.3287596."),),
        (_model(scenario), _use(), _inputs(scenario), _outputs(), _checked(), _limits(scenario)),
    )


def _model(scenario: Scenario) -> Section:
    names = ", ".join(f"`{mechanism.name}`" for mechanism in scenario.mechanisms)
    return Section(
        "model",
        "The model",
        (
            Text(
                "An agent-based model of regimes that observe, score, list and sanction people. A wholly synthetic population "
                "is simulated week by week in two arms with common random numbers, with the regime and without it; "
                "the difference is the effect. Nothing in it is fitted to records of people, and it keeps nothing that could be "
                "applied to anybody."
            ),
            Text(
                f"This scenario runs {len(scenario.mechanisms)} mechanisms: {names}. The ODD description explains each."
            ),
            Text("Licence: Apache-2.0. Cite it with version and digests, as the methods paragraph of a study does."),
        ),
    )


def _use() -> Section:
    return Section(
        "use",
        "What it is for, and what it is not",
        (
            Text(
                "It is for asking what follows from stated assumptions, over the ranges in which they are uncertain: for social "
                "scientists, regulators, rights groups and journalists."
            ),
            Listing(
                (
                    "It is not for decisions about real people: it takes no record, name or identifier of anybody.",
                    "It is not a forecast of any country, and no ranking of countries.",
                    "It is not for making a regime more effective: nothing in it searches for what controls people best; "
                    "maps, rankings and searches are over harms and over distances to published aggregates alone.",
                    "It gives evidence by element of a rule, never a legal verdict.",
                )
            ),
        ),
    )


def _inputs(scenario: Scenario) -> Section:
    every = [
        value
        for regime, reference in zip(scenario.mechanisms, scenario.reference, strict=True)
        for value in values(regime, reference)
    ]
    assumed, ranged = sum(value.assumed for value in every), sum(bool(value.prior) for value in every)
    return Section(
        "inputs",
        "What it rests on",
        (
            Text(
                f"Populations are drawn from published aggregates (`{label(scenario.society.marginals)}`) and from nothing "
                f"else. The mechanisms have {len(every)} parameters; for {assumed} of them no publication gives the size, and "
                f"they are assumptions. {ranged} have a prior range over which a study varies them."
            ),
        ),
    )


def _outputs() -> Section:
    people = sum(measure.people for measure in MEASURES)
    return Section(
        "outputs",
        "What it reports",
        (
            Text(
                f"{len(MEASURES)} measures, {people} of what a regime does to people and {len(MEASURES) - people} of what it "
                "does to the state, each with formula, unit and source. No output has a row about a single person."
            ),
        ),
    )


def _checked() -> Section:
    rows = tuple(
        (one.title, f"`{one.name}`", str(sum(target.band is not None for target in one.targets)), one.citation)
        for one in REPLICATIONS
    )
    judged = sum(int(row[2]) for row in rows)
    return Section(
        "checked",
        "How far it was checked",
        (
            Text(
                f"Its engine reproduces {len(rows)} published models and is held to {judged} figures of theirs within bands "
                "that were fixed before anything was run. `glasshouse replicate --all` simulates them and shows each figure "
                "beside the published one, those that differ too."
            ),
            Grid(("Published model", "Name", "Figures judged", "Source"), rows, (2,)),
            Text(
                "That checks the engine and single mechanisms. The composed model is compared with the stylised facts of the "
                "project's fact sheet (`docs/facts.md`, section F); some were used to choose values by hand and the others were "
                "not, and `docs/patterns.md` says which, and shows each figure beside its target, those missed too. It is "
                "compared with no record of a real person, and this card claims no validation beyond these."
            ),
        ),
    )


def _limits(scenario: Scenario) -> Section:
    run = scenario.run
    return Section(
        "limits",
        "Limits",
        (
            Listing(
                (
                    "Intervals reflect Monte Carlo variation, not uncertainty about the mechanisms themselves; "
                    "parameter uncertainty "
                    "is what a study explores.",
                    f"A population of {scenario.society.citizens:,} citizens over {run.weeks:,} weeks: rare "
                    f"events are few in it, "
                    "and measures of them are noisy or undefined.",
                    "Where a parameter is an assumption, a result is no better than the range over which it was varied.",
                    "What no mechanism models does not happen in either arm.",
                )
            ),
        ),
    )
