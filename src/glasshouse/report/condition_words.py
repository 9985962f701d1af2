"""What disclosed counts leave open and what follows from them, in words, for the page and the command line."""

from glasshouse.analysis.calibration.conditioned import LEARNT, Conditioned, Outcome, Quantiles, Setting
from glasshouse.analysis.calibration.recovery import FEWEST_EFFECTIVE, RARE
from glasshouse.analysis.calibration.targets import Target
from glasshouse.report.i18n import ENGLISH, Words
from glasshouse.report.i18n import mark as _
from glasshouse.study.factor import Factor

CANNOT = (
    _(
        "Whether the office of the counts works as the model does. Everything here is said under the condition that it does."
    ),
    _("Anything about a person. The counts are of many, and the people of the runs do not exist."),
    _("Settings that the study did not vary, and harms that the model does not have."),
    _("Whether counts mean what the model counts: say in a request what is counted, over which weeks, and among whom."),
)
"""What no simulation shows, however many counts are disclosed."""


def sentence(found: Conditioned, words: Words = ENGLISH) -> str:
    """State the result in two sentences.

    Parameters
    ----------
    found : Conditioned
        What was found.
    words : Words, default English
        The language.

    Returns
    -------
    str
        How many settings the counts say something of, and what to do if there are too few runs.
    """
    given = {
        "counts": len(found.targets.fitted),
        "effective": f"{found.effective:.0f}",
        "runs": words.figures(f"{found.runs:,}"),
    }
    if not found.enough:
        few = _(
            "The {counts} counts leave {effective} effective runs of {runs}, fewer than {fewest}: no interval is given. Run more "
            "(--runs)."
        )
        return words.say(few, fewest=f"{FEWEST_EFFECTIVE:.0f}", **given)
    learnt = [one.factor.key for one in found.settings if one.learnt >= LEARNT]
    if not learnt:
        none = _(
            "The {counts} counts narrow none of the settings by a tenth. The answer is worth {effective} of {runs} runs."
        )
        return words.say(none, **given)
    some = _("The {counts} counts narrow {settings}. The answer is worth {effective} of {runs} runs.")
    return words.say(some, settings=", ".join(learnt), **given)


def warnings(found: Conditioned, words: Words = ENGLISH) -> list[str]:
    """State what a reader must know of the answer.

    Parameters
    ----------
    found : Conditioned
        What was found.
    words : Words, default English
        The language.

    Returns
    -------
    list of str
        A text for each point; empty where there is none.
    """
    texts = []
    if found.reach < RARE:
        rare = _(
            "Fewer than {rare} % of {runs} runs lie as far out as the counts: the model hardly shows such a combination."
        )
        texts.append(words.say(rare, rare=f"{100 * RARE:.0f}", runs=words.figures(f"{found.runs:,}")))
    if found.left_out:
        out = _("{runs} runs have no such counts (a run failed, or a count is undefined) and are left out.")
        texts.append(words.say(out, runs=words.figures(f"{found.left_out:,}")))
    if found.definition["paired"]:
        paired = _(
            "All points of the study {study} have the same random seeds, whose noise is taken for the model's here. Take a "
            "study with paired = false."
        )
        texts.append(words.say(paired, study=found.study))
    return texts


def trials_text(found: Conditioned, words: Words = ENGLISH) -> str:
    """State how often the intervals held a known truth.

    Parameters
    ----------
    found : Conditioned
        What was found.
    words : Words, default English
        The language.

    Returns
    -------
    str
        A sentence or two; another where nothing was tried.
    """
    out = words.say(_("{refused} more were out of reach of the other runs."), refused=found.refused)
    out = out if found.refused else ""
    if not found.trials:
        none = words.gettext(_("No known truth could be looked for."))
        return f"{none} {out}".strip()
    low, high = found.expected
    shares = [
        100.0 * share for share in (*(one.covered for one in found.settings), *(one.covered for one in found.outcomes))
    ]
    told = words.say(
        _(
            "Each of {trials} runs was taken for the truth, and looked for with the others: the 90 % intervals held it in "
            "{least} to {most} % of the trials ({low} to {high} % are right)."
        ),
        trials=found.trials,
        least=f"{min(shares):.0f}",
        most=f"{max(shares):.0f}",
        low=f"{100 * low:.0f}",
        high=f"{100 * high:.0f}",
    )
    return f"{told} {out}".strip()


def count_row(one: Target, words: Words = ENGLISH) -> tuple[str, str, str, str]:
    """What was disclosed, in a row.

    Parameters
    ----------
    one : Target
        A target.
    words : Words, default English
        The language.

    Returns
    -------
    tuple of str
        What was counted; the count; what it was counted among; body, date and reference.
    """
    what = f"{one.what} ({words.gettext(one.group)})" if one.group else one.what
    if one.count is None:
        return what, words.figures(f"{one.figure:.4g} ± {one.error:.2g}"), "", one.source
    number = words.figures(f"{one.count.number:,}")
    if one.count.rounded > 1:
        multiple = words.figures(f"{one.count.rounded:,}")
        number = words.say(_("{number}, to {multiple}"), number=number, multiple=multiple)
    return what, number, words.figures(f"{one.count.base:,}"), one.source


def setting_row(found: Conditioned, one: Setting, words: Words = ENGLISH) -> tuple[str, ...]:
    """What is left of a setting, in a row.

    Parameters
    ----------
    found : Conditioned
        What was found.
    one : Setting
        A setting.
    words : Words, default English
        The language.

    Returns
    -------
    tuple of str
        Name; before; after, with 90 %; what was learnt; coverage.
    """
    low, high = _ends(one.factor)
    learnt = words.gettext(_("nothing"))
    if one.learnt >= LEARNT:
        learnt = words.say(_("{share} % narrower"), share=f"{100 * one.learnt:.0f}")
    after = (_span(one.after, 1.0, words), learnt)
    if not found.enough:
        after = (words.gettext(_("too few runs")), words.gettext(_("unknown")))
    return one.factor.key, words.figures(f"{low:.3g} to {high:.3g}"), *after, _covered(one.covered, words)


def outcome_row(found: Conditioned, one: Outcome, words: Words = ENGLISH) -> tuple[str, ...]:
    """What follows for a harm, in a row.

    Parameters
    ----------
    found : Conditioned
        What was found.
    one : Outcome
        The harm.
    words : Words, default English
        The language.

    Returns
    -------
    tuple of str
        What is measured; whose figure it is; before and after with 90 %; coverage.
    """
    times = 100.0 if one.measure.unit == "share" else 1.0
    unit = "%" if one.measure.unit == "share" else words.gettext(one.measure.unit)
    if one.arm == "effect" and unit == "%":
        unit = words.gettext(_("percentage points"))
    arm = _("added by the regime") if one.arm == "effect" else _("under the regime")
    after = _span(one.after, times, words) if found.enough else words.gettext(_("too few runs"))
    name = f"{words.gettext(one.measure.title)}, {unit}"
    return name, words.gettext(arm), _span(one.before, times, words), after, _covered(one.covered, words)


def _ends(factor: Factor) -> tuple[float, float]:
    return (0.0, len(factor.values) - 1.0) if factor.values else (factor.low, factor.high)


def _span(found: Quantiles, times: float, words: Words) -> str:
    low, middle, high = (times * value for value in found)
    return words.figures(f"{middle:.3g} ({low:.3g} to {high:.3g})")


def _covered(share: float, words: Words) -> str:
    return f"{100 * share:.0f} %" if share == share else words.gettext(_("not tried"))
