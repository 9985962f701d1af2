"""Files of marginals: those that ship with the package, and those that a user brings.

The setting `[society] marginals` is the name of a shipped file or, once a scenario is read, the whole text of a user's file.
So a scenario, its digest, a study's definition and a replication package hold the aggregates themselves, and no run depends
on a file that may change.
"""

import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from pydantic import ValidationError

from glasshouse.errors import SynthesisError
from glasshouse.population.distributions import Distributions, distributions
from glasshouse.population.marginals import Marginals

LARGEST = 40_000
"""Characters that a file of marginals may have."""

SUFFIX = ".toml"
"""How the name of a file of marginals ends."""


def names() -> list[str]:
    """The marginals that ship with the package.

    Returns
    -------
    list of str
        Their names in alphabetical order.
    """
    return sorted(entry.name.removesuffix(SUFFIX) for entry in _folder().iterdir() if entry.name.endswith(SUFFIX))


def is_text(setting: str) -> bool:
    """Whether the setting is the text of a file instead of a name.

    Parameters
    ----------
    setting : str
        Value of `[society] marginals`.

    Returns
    -------
    bool
        True for a text, which has more than one line.
    """
    return "\n" in setting


def text_of(setting: str) -> str:
    """The text of the marginals that a setting names or holds.

    Parameters
    ----------
    setting : str
        One of `names()`, or the text of a file.

    Returns
    -------
    str
        The text, in TOML.

    Raises
    ------
    SynthesisError
        If no marginals of that name ship.
    """
    if is_text(setting):
        return setting
    if setting not in names():
        raise SynthesisError(f"[society] marginals = {setting!r} is not shipped. {advice(setting)}")
    return (_folder() / f"{setting}{SUFFIX}").read_text(encoding="utf-8")


def advice(setting: str) -> str:
    """What to do about marginals that do not ship.

    Parameters
    ----------
    setting : str
        The name that is not known, or a path.

    Returns
    -------
    str
        A sentence or two.
    """
    if setting.endswith(SUFFIX):
        return (
            "A file of aggregates is read where a scenario file names it, with the option --marginals FILE, and with "
            f"marginals= in Python; here, name shipped marginals: {', '.join(names())}."
        )
    near = get_close_matches(setting[:60].lower(), names(), n=1, cutoff=0.6)
    return (f"Did you mean {near[0]}? " if near else "") + f"Choose one of: {', '.join(names())}."


def load(setting: str) -> Marginals:
    """Load the marginals that a setting names or holds.

    Parameters
    ----------
    setting : str
        One of `names()`, or the text of a file.

    Returns
    -------
    Marginals
        The marginals.

    Raises
    ------
    SynthesisError
        If there are none of that name or the file breaks a rule.
    """
    return parse(text_of(setting), "the file of marginals" if is_text(setting) else setting)


@lru_cache(maxsize=8)
def solved(setting: str) -> tuple[Marginals, Distributions]:
    """Marginals and what is solved from them, which takes longer than drawing a small population.

    Parameters
    ----------
    setting : str
        One of `names()`, or the text of a file.

    Returns
    -------
    tuple of (Marginals, Distributions)
        The marginals and the distributions that reproduce them.

    Raises
    ------
    SynthesisError
        If there are none of that name, or the file breaks a rule or contradicts itself.
    """
    facts = load(setting)
    return facts, distributions(facts)


def label(setting: str) -> str:
    """How pages and messages call the marginals.

    Parameters
    ----------
    setting : str
        One of `names()`, or the text of a file.

    Returns
    -------
    str
        The name, or title and digest of a file.
    """
    if not is_text(setting):
        return setting
    return f"{tomllib.loads(setting).get('title', '')} (file {digest_of(setting)[:12]})"


def digest_of(setting: str) -> str:
    """Hash of the marginals' text, shipped or not.

    Parameters
    ----------
    setting : str
        One of `names()`, or the text of a file.

    Returns
    -------
    str
        32 hexadecimal digits.
    """
    return hashlib.blake2b(text_of(setting).encode(), digest_size=16).hexdigest()


def parse(text: str, name: str) -> Marginals:
    """Read marginals from the text of a file.

    Parameters
    ----------
    text : str
        Content of the file, in TOML.
    name : str
        Name of the file, for messages.

    Returns
    -------
    Marginals
        The marginals.

    Raises
    ------
    SynthesisError
        Names every fault in the text.
    """
    if not text.replace("\n", "").replace("\t", "").isprintable():
        raise SynthesisError(f"{name}: it holds characters that cannot be printed. Take them out.")
    if len(text) > LARGEST:
        raise SynthesisError(f"{name}: {len(text):,} characters; a file of aggregates has at most {LARGEST:,}.")
    try:
        return Marginals.model_validate(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise SynthesisError(f"{name}: not a TOML file ({error}).") from error
    except ValidationError as error:
        faults = "\n".join(f"  {_place(fault['loc'])}: {_words(fault)}" for fault in error.errors())
        raise SynthesisError(f"{name}: these marginals cannot be used.\n{faults}") from error


def faults(text: str) -> list[str]:
    """Every reason why a text cannot be used as marginals, contradictions between tables included.

    Parameters
    ----------
    text : str
        Content of a file, in TOML.

    Returns
    -------
    list of str
        One sentence for each fault; empty if a population can be drawn.
    """
    try:
        solved(f"{text.strip()}\n")
    except SynthesisError as error:
        head, *rest = str(error).split("\n")
        return [fault.strip() for fault in rest] or [head.partition(": ")[2] or head]
    return []


def _place(parts: Sequence[int | str]) -> str:
    """Where a fault lies, as a file spells it: `[figures] gini_urban`."""
    table, *rest = (str(part) for part in parts) if parts else ("the file",)
    return ".".join([table, *rest])


def _words(fault: Mapping[str, Any]) -> str:
    """One of pydantic's findings in words."""
    kind = str(fault["type"])
    if kind == "missing":
        return "is missing"
    if kind == "extra_forbidden":
        return "is not known here"
    return str(fault["msg"]).removeprefix("Value error, ")


def _folder() -> Traversable:
    return resources.files("glasshouse") / "library" / "marginals"
