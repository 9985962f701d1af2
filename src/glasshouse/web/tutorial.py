"""The tutorial: seven steps, each a small town that the reader changes.

A step is text with sliders in it: `[mismatch]` in a paragraph is where the reader sets the step's slider of that name. What
a step asks the reader to guess is then counted in the town, in the arm with the regime and in the one without. Nothing
here holds a result.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from glasshouse.errors import ScenarioError
from glasshouse.model.agencies import AGENCIES
from glasshouse.report.i18n import mark as _

SCENARIO = "town"
"""The shipped scenario whose town is drawn."""


@dataclass(frozen=True)
class Slider:
    """A number in the prose that the reader sets: a setting of the regime from `low` to `high` in steps.

    `settings` are all set alike; `percent` shows it as a share.
    """

    name: str
    label: str
    settings: tuple[str, ...]
    low: float
    high: float
    step: float
    start: float
    percent: bool = True


@dataclass(frozen=True)
class Step:
    """One step of the tutorial.

    `before` is read before the reader guesses, `after` when the town has been played. `asks` is the question, whose
    answer is the count `counted` (one of `COUNTS`) in the arm with the regime; `shown` are the counts of its table.
    `settings` are what the step holds fixed.
    """

    slug: str
    title: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    asks: str
    counted: str
    shown: tuple[str, ...]
    sliders: tuple[Slider, ...]
    settings: tuple[tuple[str, float | tuple[float, ...]], ...] = ()
    follows: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its sliders."""
        return tuple(slider.name for slider in self.sliders)


COUNTS = {
    "on_file": _("adults with a record on file by the end"),
    "restricted": _("adults restricted at some time"),
    "wrongly": _("of these without cause by the regime's own rule"),
    "complains": _("complaints made"),
    "protests": _("times somebody protested"),
    "afraid": _("weeks in which somebody kept silent out of fear"),
    "known": _("problems that the state came to know of"),
    "problem": _("weeks that people lived with a problem"),
}
"""What is counted in the town, from the week in which the regime begins: of adults, or of weeks over adults."""

MISMATCH = Slider(
    "mismatch", _("people in a register who are taken for somebody else in a week"), ("observation.mismatch_rate",),
    0.0, 0.002, 0.0001, 0.001,
)  # fmt: skip
THRESHOLD = Slider(
    "threshold", _("points that put somebody on a list"), ("lists.threshold",), 2, 12, 1, 4, percent=False
)
INTEGRATION = Slider(
    "integration", _("how much one agency's records count with the others"), ("lists.integration",), 0.0, 1.0, 0.1, 0.5
)
MISREAD = Slider("misread", _("lawful complaints read as an offence"), ("observation.misread",), 0.0, 0.4, 0.02, 0.2)
HEARD = Slider("heard", _("speech that is watched"), ("observation.speech_coverage",), 0.0, 1.0, 0.1, 0.7)
REVIEW = Slider(
    "review", _("listings that a person checks first"), ("safeguards.review", "safeguards.notice"), 0.0, 1.0, 0.1, 0.0
)
FORGET = Slider("forget", _("records about speech that are not kept"), ("safeguards.speech",), 0.0, 1.0, 0.1, 0.0)
EXPIRY = Slider("expiry", _("records that expire each week"), ("safeguards.expiry",), 0.0, 0.1, 0.01, 0.0)
WATCHED = Slider("watched", _("life that is watched"), ("observation.coverage",), 0.0, 1.0, 0.1, 0.6)

BY_AGENCY = frozenset({"lists.threshold", "observation.mismatch_rate"})
"""Settings of sliders that have a value for each agency."""

HONEST = (
    ("observation.misread", 0.0),
    ("observation.false_positive_rate", (0.0,) * 4),
    ("observation.mismatch_rate", (0.0,) * 4),
    ("observation.speech_coverage", 0.08),
)
"""A regime that errs in nothing but what a step is about."""
WATCHFUL = (("observation.speech_coverage", 0.7),)
CARELESS = (*WATCHFUL, ("observation.misread", 0.3))

STEPS = (
    Step(
        "one-record",
        _("One person and one record"),
        (
            _("This is a small town, and every dot is one person who does not exist. Half a year passes as it always has. "
              "Then a regime begins: agencies watch, write down what they see, and give points for it. In the town without "
              "the regime everything goes on as before: the same people, with the same random numbers."),
            _("Everyone with [threshold] points or more is put on a list: no train tickets, no loan, no licence."),
        ),
        (
            _("A record is easily made: look how many people have one (a dark dot) and how few are listed (a square). Where "
              "the line lies between the two is one number in a file. Move it and play again."),
        ),
        _("How many adults of this town will be on a list at some time in two and a half years?"),
        "restricted",
        ("on_file", "restricted"),
        (THRESHOLD,),
        HONEST,
        follows=True,
    ),
    Step(
        "wrong-match",
        _("A wrong match"),
        (
            _("Agencies keep registers: of residents, of debtors, of taxpayers, of firms. Registers are compared, and people "
              "are mixed up: the same name, a similar one, a wrong number. Say that in a week [mismatch] of those in a "
              "register are taken for somebody else. Nobody lies here, and nobody wants it."),
        ),
        (
            _("A crossed square is somebody who is listed only because they were taken for somebody else. Other records expire. "
              "A wrong match stays until somebody disproves it: few a week become many in two years."),
            _("Those on it are rarely told why. What they see is that the ticket machine says no."),
        ),
        _("How many will be listed for something that they did not do?"),
        "wrongly",
        ("on_file", "restricted", "wrongly"),
        (MISMATCH,),
        (*HONEST, ("lists.threshold", (4.0, 4.0, 4.0, 4.0)), ("lists.integration", 0.5)),
    ),
    Step(
        "one-list",
        _("Many agencies and one list"),
        (
            _("Police, courts, the welfare office and the market supervision each keep a file. Kept apart, a small thing "
              "here and a small thing there stay small. Now let them count one another's records: [integration] of them."),
        ),
        (
            _("Nobody behaves differently for it. Play once with nothing and once with everything: small things add up when "
              "they stand in one file, and a restriction in one place may become one in four."),
        ),
        _("How many adults will be restricted at some time?"),
        "restricted",
        ("on_file", "restricted", "wrongly"),
        (INTEGRATION,),
        (*HONEST, ("observation.mismatch_rate", (0.0005,) * 4), ("lists.threshold", (4.0, 4.0, 4.0, 4.0))),
    ),
    Step(
        "silence",
        _("Silence that spreads"),
        (
            _("People have problems, and some complain: about a landlord, an office, a wage that was not paid. The regime "
              "listens to [heard] of what is said, and takes [misread] of lawful complaints for an offence."),
            _("Those who hear that somebody was punished for speaking think twice."),
        ),
        (
            _("A hollow dot is somebody with a problem who would complain and does not dare to. Nobody has forbidden it. "
              "Compare the two towns: the same problems, the same people."),
        ),
        _("For how many weeks will somebody keep silent out of fear, added up over everybody?"),
        "afraid",
        ("complains", "afraid", "protests"),
        (HEARD, MISREAD),
        (),
    ),
    Step(
        "unheard",
        _("What the state then no longer hears"),
        (
            _("A state learns of problems from people who complain. Where they fall silent it sees fewer problems, which "
              "looks like success. Again [misread] of lawful complaints are read as an offence."),
        ),
        (
            _("Control and good government are not the same thing. Look at what the state came to know, and then at how "
              "long people lived with what it did not come to know."),
        ),
        _("Of how many problems will the state learn in the town with the regime?"),
        "known",
        ("complains", "known", "problem"),
        (MISREAD,),
        WATCHFUL,
    ),
    Step(
        "safeguard",
        _("What a safeguard changes"),
        (
            _("Rules can tie a regime's hands. Let a person check [review] of listings before they take effect, and tell "
              "those who are listed; do not keep [forget] of records about speech; let [expiry] of records expire each week."),
        ),
        (
            _("Safeguards differ: some undo wrongs, others prevent them. Which of the three does most for those listed "
              "without cause? Which gives people their voice back? Try one at a time."),
        ),
        _("How many will still be listed without cause?"),
        "wrongly",
        ("restricted", "wrongly", "afraid", "known"),
        (REVIEW, FORGET, EXPIRY),
        CARELESS,
    ),
    Step(
        "your-regime",
        _("Your own regime"),
        (
            _("Now everything is yours: [watched] of life is watched and [heard] of speech; [misread] of lawful complaints are "
              "taken for an offence, and in a week [mismatch] of those in a register are taken for somebody else; agencies count "
              "[integration] of one another's records; [threshold] points list somebody; and a person checks [review] of "
              "listings."),
            _("Can you build one that makes the town safer and its government better, and harms nobody? Say what you expect "
              "before you look."),
        ),
        (
            _("One town is a single realisation: run another one to see how much varies by chance. For figures with "
              "intervals, run the scenario with many replicates on the workbench."),
        ),
        _("How many will be listed without cause in your regime?"),
        "wrongly",
        tuple(COUNTS),
        (WATCHED, HEARD, MISREAD, MISMATCH, INTEGRATION, THRESHOLD, REVIEW),
        (),
    ),
)  # fmt: skip
"""The tutorial, in order."""


def step_of(slug: str) -> Step:
    """The step with a given name.

    Parameters
    ----------
    slug : str
        Name of the step in addresses.

    Returns
    -------
    Step
        The step.

    Raises
    ------
    ScenarioError
        If there is no such step, with the names of those that exist.
    """
    for step in STEPS:
        if step.slug == slug:
            return step
    raise ScenarioError(f"The tutorial has no step “{slug}”. Its steps are {', '.join(step.slug for step in STEPS)}.")


def numbers(texts: Mapping[str, str]) -> dict[str, float]:
    """Convert the sliders in an address to numbers.

    Parameters
    ----------
    texts : mapping of str to str
        Values of sliders as text, by name.

    Returns
    -------
    dict of str to float
        The values, by name.

    Raises
    ------
    ScenarioError
        If a value is not a number.
    """
    try:
        return {name: float(text) for name, text in texts.items()}
    except ValueError as error:
        raise ScenarioError(f"{error}: a slider is set to a number.") from None


def settings(step: Step, given: dict[str, float]) -> dict[str, float | tuple[float, ...]]:
    """The settings by which a step changes the town's scenario.

    Parameters
    ----------
    step : Step
        The step.
    given : dict of str to float
        Values of sliders, by name. A slider that is not given has its starting value.

    Returns
    -------
    dict of str to float or tuple of float
        Values by full names of settings; one for each agency (`BY_AGENCY`) has four values, all alike if a slider sets it.

    Raises
    ------
    ScenarioError
        If the step does not have one of the sliders, or a value is outside its range.
    """
    known = {slider.name: slider for slider in step.sliders}
    faults = [f"This step has no slider “{name}”. It has {', '.join(known)}." for name in given.keys() - known.keys()]
    faults += [
        f"{slider.name} = {given[name]:g} is outside its range, {slider.low:g} to {slider.high:g}."
        for name, slider in known.items()
        if name in given and not slider.low <= given[name] <= slider.high
    ]
    if faults:
        raise ScenarioError(*faults)
    found: dict[str, float | tuple[float, ...]] = dict(step.settings)
    for slider in step.sliders:
        value = given.get(slider.name, slider.start)
        for key in slider.settings:
            found[key] = (float(value),) * AGENCIES if key in BY_AGENCY else float(value)
    return found
