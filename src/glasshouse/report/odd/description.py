"""The model's description after the ODD protocol, written from the declarations in the code and from a scenario.

ODD stands for Overview, Design concepts, Details (Grimm et al. 2006, Ecological Modelling 198; second update Grimm et
al. 2020, JASSS 23(2) 7). Since every table comes from what the engine itself reads, it cannot disagree with the model.
"""

from glasshouse.report.document import Document, Text
from glasshouse.report.odd.concepts import concepts
from glasshouse.report.odd.dependencies import Wiring
from glasshouse.report.odd.details import initialization, input_data, submodels
from glasshouse.report.odd.overview import entities, purpose, schedule
from glasshouse.scenario.scenario import Scenario


def odd(scenario: Scenario) -> Document:
    """The whole description of the model that a scenario runs, in the seven elements of ODD.

    Raises CompilationError if a kernel's source cannot be read, SynthesisError if the scenario's marginals are unsound.

    Parameters
    ----------
    scenario : Scenario
        The scenario.

    Returns
    -------
    Document
        The document.
    """
    wiring = Wiring(tuple(type(mechanism) for mechanism in scenario.mechanisms))
    return Document(
        "Model description after the ODD protocol",
        f"Glasshouse: {scenario.title}",
        (
            Text(
                "This description follows the ODD (Overview, Design concepts, Details) protocol for agent-based models "
                "(Grimm et al. 2006), as updated by Grimm et al. (2020), Journal of Artificial Societies and Social "
                "Simulation 23(2) 7, doi:10.18564/jasss.4259. It is written by `glasshouse describe` from the declarations "
                f"that the engine itself reads and from the scenario `{scenario.name}` (values {scenario.digest[:12]}); no "
                "part of it is kept by hand beside them."
            ),
        ),
        (
            purpose(scenario),
            entities(scenario, wiring),
            schedule(scenario, wiring),
            concepts(wiring),
            initialization(scenario),
            input_data(scenario),
            submodels(scenario, wiring),
        ),
    )
