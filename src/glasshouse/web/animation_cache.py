"""Films for the story, made when they are asked for and kept for the next reader who sets the same handles.

A small town takes a tenth of a second. So that thirty readers do not slow one another down, few are made at a time and
the same one only once.
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
from glasshouse.web.tutorial import COUNTS, SCENARIO, Handle, Step, settings

KEPT = 64
"""Films that are kept, each of some hundred kilobytes."""

CARRIED = 128
"""Films that a saved step carries at most."""

GZIP_LEVEL = 6
"""How hard films are pressed: harder takes three times as long for a few bytes."""

AT_ONCE = 2
"""Films that are made at a time."""

SEED = 2014
"""The town that everybody sees first."""


def scenario_of(step: Step, given: Mapping[str, float], seed: int = SEED) -> Scenario:
    """The town's scenario for a step with its handles set; ScenarioError for what cannot be set so."""
    return override(load(SCENARIO), {**settings(step, dict(given)), "run.seed": seed})


class AnimationCache:
    """Makes films for many readers at once."""

    def __init__(self) -> None:
        self._films: OrderedDict[tuple[object, ...], Future[bytes]] = OrderedDict()
        self._lock = threading.Lock()
        self._free = threading.Semaphore(AT_ONCE)

    def told(self, step: Step, given: Mapping[str, float], seed: int = SEED) -> bytes:
        """The film of a step with its handles set, as JSON under gzip; the same one is made and pressed once.

        Raises ScenarioError for what cannot be set so, and what a run raises.
        """
        key = (step.slug, seed, *sorted(given.items()))
        with self._lock:
            known = self._films.get(key)
            if known is not None:
                self._films.move_to_end(key)
            else:
                mine = self._films[key] = Future()
                while len(self._films) > KEPT:
                    self._films.popitem(last=False)
        if known is not None:
            return known.result()
        try:
            scenario = scenario_of(step, given, seed)
            with self._free:
                mine.set_result(
                    gzip.compress(told(animation.record(scenario), scenario.run.start), GZIP_LEVEL, mtime=0)
                )
        except BaseException as error:
            mine.set_exception(error)
            with self._lock:
                self._films.pop(key, None)
        return mine.result()


def told(taken: animation.Animation, since: int) -> bytes:
    """A film as JSON: sizes, who lives where, states and ties in base64, and counts of both worlds by week."""
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
class Carried:
    """What a step saved as a file carries: its look, its script, and films for the handles' steps, as JSON."""

    style: str
    script: str
    films: str
    version: str


def carried(filming: AnimationCache, step: Step, static: Path) -> Carried:
    """A step's films for as many positions of its handles as a file should hold, with script and style of the page."""
    levels = min(max(int(CARRIED ** (1 / len(step.handles)) + 1e-9), 2), 9)
    steps = {handle.name: _spread(handle, levels) for handle in step.handles}
    films = {
        "-".join(map(str, places)): base64.b64encode(
            filming.told(step, {name: steps[name][n] for name, n in zip(steps, places, strict=True)})
        ).decode()
        for places in itertools.product(*(range(len(values)) for values in steps.values()))
    }
    town, story = ((static / name).read_text(encoding="utf-8") for name in ("town.js", "story.js"))
    script = town.replace("export class", "class") + story.replace('import { Canvas, Town } from "./town.js";', "")
    style = (static / "style.css").read_text(encoding="utf-8")
    return Carried(style, script, json.dumps({"handles": steps, "films": films}), provenance.version())


def _spread(handle: Handle, levels: int) -> list[float]:
    """Positions of a handle, evenly over its steps, with the one it starts at among them."""
    count = round((handle.high - handle.low) / handle.step)
    places = {round(place * count / (levels - 1)) for place in range(levels)}
    start = round((handle.start - handle.low) / handle.step)
    nearest = min(places, key=lambda place: abs(place - start))
    chosen = sorted(places - {nearest} | {start}) if levels > 2 else sorted(places)
    return [round(handle.low + place * handle.step, 6) for place in chosen]
