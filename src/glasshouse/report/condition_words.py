"""What disclosed counts leave open and what follows from them, in words, for the page and the command line."""

from glasshouse.analysis.calibration.conditioned import LEARNT, Conditioned, Outcome, Quantiles, Setting
from glasshouse.analysis.calibration.recovery import FEWEST_EFFECTIVE
from glasshouse.analysis.calibration.targets import Target
from glasshouse.study.factor import Factor

CANNOT = (
    "Whether the office of the counts works as the model does. Everything here is said under the condition that it does.",
    "Anything about a person. The counts are of many, and the people of the runs do not exist.",
    "Settings that the study did not vary, and harms that the model does not have.",
    "Whether counts mean what the model counts: say in a request what is counted, over which weeks, and among whom.",
)
"""What no simulation shows, however many counts are disclosed."""


def sentence(found: Conditioned) -> str:
    """State the result in two sentences.

    Parameters
    ----------
    found : Conditioned
        What was found.

    Returns
    -------
    str
        How many settings the counts say something of, and what to do if there are too few runs.
    """
    if not found.enough:
        return (
            f"The {len(found.targets.fitted)} counts leave {found.effective:.0f} effective runs of {found.runs:,}, fewer than "
            f"{FEWEST_EFFECTIVE:.0f}: no interval is given. Run more (--runs)."
        )
    learnt = [one.factor.key for one in found.settings if one.learnt >= LEARNT]
    says = f"narrow {', '.join(learnt)}" if learnt else "narrow none of the settings by a tenth"
    return f"The {len(found.targets.fitted)} counts {says}. The answer is worth {found.effective:.0f} of {found.runs:,} runs."


def trials_text(found: Conditioned) -> str:
    """State how often the intervals held a known truth.

    Parameters
    ----------
    found : Conditioned
        What was found.

    Returns
    -------
    str
        A sentence or two; another where nothing was tried.
    """
    out = f"{found.refused} more were out of reach of the other runs." if found.refused else ""
    if not found.trials:
        return f"No known truth could be looked for. {out}".strip()
    low, high = found.expected
    shares = [
        100.0 * share for share in (*(one.covered for one in found.settings), *(one.covered for one in found.outcomes))
    ]
    return (
        f"Each of {found.trials} runs was taken for the truth, and looked for with the others: the 90 % intervals held it in "
        f"{min(shares):.0f} to {max(shares):.0f} % of the trials ({100 * low:.0f} to {100 * high:.0f} % are right). {out}"
    ).strip()


def count_row(one: Target) -> tuple[str, str, str, str]:
    """What was disclosed, in a row.

    Parameters
    ----------
    one : Target
        A target.

    Returns
    -------
    tuple of str
        What was counted; the count; what it was counted among; body, date and reference.
    """
    if one.count is None:
        return one.what, f"{one.figure:.4g} ± {one.error:.2g}", "", one.source
    rounded = f", to {one.count.rounded:,}" if one.count.rounded > 1 else ""
    return one.what, f"{one.count.number:,}{rounded}", f"{one.count.base:,}", one.source


def setting_row(found: Conditioned, one: Setting) -> tuple[str, ...]:
    """What is left of a setting, in a row.

    Parameters
    ----------
    found : Conditioned
        What was found.
    one : Setting
        A setting.

    Returns
    -------
    tuple of str
        Name; before; after, with 90 %; what was learnt; coverage.
    """
    low, high = _ends(one.factor)
    learnt = f"{100 * one.learnt:.0f} % narrower" if one.learnt >= LEARNT else "nothing"
    after = (_span(one.after, 1.0), learnt) if found.enough else ("too few runs", "unknown")
    return one.factor.key, f"{low:.3g} to {high:.3g}", *after, _covered(one.covered)


def outcome_row(found: Conditioned, one: Outcome) -> tuple[str, ...]:
    """What follows for a harm, in a row.

    Parameters
    ----------
    found : Conditioned
        What was found.
    one : Outcome
        The harm.

    Returns
    -------
    tuple of str
        What is measured; whose figure it is; before and after with 90 %; coverage.
    """
    times = 100.0 if one.measure.unit == "share" else 1.0
    unit = "%" if one.measure.unit == "share" else one.measure.unit
    if one.arm == "effect" and unit == "%":
        unit = "percentage points"
    arm = "added by the regime" if one.arm == "effect" else "under the regime"
    after = _span(one.after, times) if found.enough else "too few runs"
    return f"{one.measure.title}, {unit}", arm, _span(one.before, times), after, _covered(one.covered)


def _ends(factor: Factor) -> tuple[float, float]:
    return (0.0, len(factor.values) - 1.0) if factor.values else (factor.low, factor.high)


def _span(found: Quantiles, times: float) -> str:
    low, middle, high = (times * value for value in found)
    return f"{middle:.3g} ({low:.3g} to {high:.3g})"


def _covered(share: float) -> str:
    return f"{100 * share:.0f} %" if share == share else "not tried"
