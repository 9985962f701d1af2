"""Animations for the tutorial, computed on request and cached for readers who set the same sliders.

A small town takes a tenth of a second. So that thirty readers do not slow one another down, few are computed at a time
and equal ones once.
"""

import base64
import gzip
import itertools
import json
import threading
from collections import OrderedDict
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from glasshouse.results import provenance
from glasshouse.scenario.scenario import Scenario, load, override
from glasshouse.web import animation
from glasshouse.web.tutorial import COUNTS, SCENARIO, Slider, Step, settings

CACHED = 64
"""Most animations in the cache, each of some hundred kilobytes."""

EMBEDDED = 128
"""Most animations in a saved step."""

GZIP_LEVEL = 6
"""Compression level: a higher one takes three times as long for a few bytes."""

AT_ONCE = 2
"""Animations that are computed at a time."""

SEED = 2014
"""Random seed of the town that every reader sees first."""


def scenario_of(step: Step, given: Mapping[str, float], seed: int = SEED) -> Scenario:
    """The scenario of a step of the tutorial.

    Parameters
    ----------
    step : Step
        The step.
    given : mapping of str to float
        Values of its sliders.
    seed : int
        Random seed.

    Returns
    -------
    Scenario
        The town's scenario with these settings.

    Raises
    ------
    ScenarioError
        For values that are not allowed.
    """
    return override(load(SCENARIO), {**settings(step, dict(given)), "run.seed": seed})


class AnimationCache:
    """Computes and caches animations for many readers at once."""

    def __init__(self) -> None:
        self._animations: OrderedDict[tuple[object, ...], Future[bytes]] = OrderedDict()
        self._lock = threading.Lock()
        self._free = threading.Semaphore(AT_ONCE)

    def encoded(self, step: Step, given: Mapping[str, float], seed: int = SEED) -> bytes:
        """The animation of a step; equal ones are computed once.

        Parameters
        ----------
        step : Step
            The step of the tutorial.
        given : mapping of str to float
            Values of its sliders.
        seed : int
            Random seed.

        Returns
        -------
        bytes
            JSON, compressed with gzip.

        Raises
        ------
        ScenarioError
            For values that are not allowed; and whatever a run raises.
        """
        key = (step.slug, seed, *sorted(given.items()))
        with self._lock:
            known = self._animations.get(key)
            if known is not None:
                self._animations.move_to_end(key)
            else:
                own = self._animations[key] = Future()
                while len(self._animations) > CACHED:
                    self._animations.popitem(last=False)
        if known is not None:
            return known.result()
        try:
            scenario = scenario_of(step, given, seed)
            with self._free:
                own.set_result(
                    gzip.compress(to_json(animation.record(scenario), scenario.run.start), GZIP_LEVEL, mtime=0)
                )
        except BaseException as error:
            own.set_exception(error)
            with self._lock:
                self._animations.pop(key, None)
        return own.result()


def to_json(taken: animation.Animation, since: int) -> bytes:
    """An animation as JSON.

    Parameters
    ----------
    taken : Animation
        The animation.
    since : int
        The week from which facts are accumulated.

    Returns
    -------
    bytes
        Sizes, homes, states and ties in base64, and accumulated facts of both arms by week.
    """
    _, weeks, people = taken.states.shape
    facts: dict[str, Any] = {
        "weeks": weeks,
        "people": people,
        "since": since,
        "facts": list(animation.FACTS),
        "districts": np.bincount(taken.districts).tolist(),
        "households": taken.households.tolist(),
        "adults": np.flatnonzero(taken.adults).tolist(),
        "states": base64.b64encode(taken.states.tobytes()).decode(),
        "ties": base64.b64encode(taken.ties.astype("<u4").tobytes()).decode(),
        "so_far": {fact: taken.so_far(fact, since).tolist() for fact in COUNTS},
    }
    return json.dumps(facts, separators=(",", ":")).encode()


@dataclass(frozen=True)
class StandaloneStep:
    """What a page with one step carries so that it works without a server.

    Attributes
    ----------
    style, script : str
        Style sheet and script of the page.
    animations : str
        Animations for positions of the sliders, as JSON.
    version : str
        Version of Glasshouse.
    """

    style: str
    script: str
    animations: str
    version: str


def standalone(cache: AnimationCache, step: Step, static: Path) -> StandaloneStep:
    """A page's animations for as many positions of the sliders as a file should hold, with script and style.

    Parameters
    ----------
    cache : AnimationCache
        Computes the animations.
    step : Step
        The step of the tutorial.
    static : Path
        Folder of script and style sheet.

    Returns
    -------
    StandaloneStep
        What the page is built from.
    """
    levels = min(max(int(EMBEDDED ** (1 / len(step.sliders)) + 1e-9), 2), 9)
    steps = {slider.name: _spread(slider, levels) for slider in step.sliders}
    animations = {
        "-".join(map(str, places)): base64.b64encode(
            cache.encoded(step, {name: steps[name][n] for name, n in zip(steps, places, strict=True)})
        ).decode()
        for places in itertools.product(*(range(len(values)) for values in steps.values()))
    }
    town, page = ((static / name).read_text(encoding="utf-8") for name in ("town.js", "tutorial.js"))
    script = town.replace("export class", "class") + page.replace('import { Canvas, Town } from "./town.js";', "")
    style = (static / "style.css").read_text(encoding="utf-8")
    return StandaloneStep(style, script, json.dumps({"sliders": steps, "animations": animations}), provenance.version())


def _spread(slider: Slider, levels: int) -> list[float]:
    """Positions of a slider, evenly over its steps, with the one it starts at among them."""
    count = round((slider.high - slider.low) / slider.step)
    places = {round(place * count / (levels - 1)) for place in range(levels)}
    start = round((slider.start - slider.low) / slider.step)
    nearest = min(places, key=lambda place: abs(place - start))
    chosen = sorted(places - {nearest} | {start}) if levels > 2 else sorted(places)
    return [round(slider.low + place * slider.step, 6) for place in chosen]
