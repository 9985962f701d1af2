"""Films for the story, made when they are asked for and kept for the next reader who sets the same handles.

A small town takes a tenth of a second. So that thirty readers do not slow one another down, few are made at a time and
the same one only once.
"""

import base64
import json
import threading
from collections import OrderedDict
from collections.abc import Mapping
from concurrent.futures import Future
from typing import Any

import numpy as np

from glasshouse import film
from glasshouse.scenario import Scenario, load, override
from glasshouse.web.story import COUNTS, SCENARIO, Step, settings

KEPT = 64
"""Films that are kept, each of some hundred kilobytes."""

AT_ONCE = 2
"""Films that are made at a time."""

SEED = 2014
"""The town that everybody sees first."""


def scenario_of(step: Step, given: Mapping[str, float], seed: int = SEED) -> Scenario:
    """The town's scenario for a step with its handles set; ScenarioError for what cannot be set so."""
    return override(load(SCENARIO), {**settings(step, dict(given)), "run.seed": seed})


class Filming:
    """Makes films for many readers at once."""

    def __init__(self) -> None:
        self._films: OrderedDict[str, Future[bytes]] = OrderedDict()
        self._lock = threading.Lock()
        self._free = threading.Semaphore(AT_ONCE)

    def told(self, scenario: Scenario) -> bytes:
        """The film of a scenario as JSON for the page; the same one is made once.

        Raises what a run raises.
        """
        key = scenario.digest
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
            with self._free:
                mine.set_result(told(film.take(scenario), scenario.run.start))
        except BaseException as error:
            mine.set_exception(error)
            with self._lock:
                self._films.pop(key, None)
        return mine.result()


def told(taken: film.Film, since: int) -> bytes:
    """A film as JSON: sizes, who lives where, states and ties in base64, and counts of both worlds by week."""
    _, weeks, people = taken.states.shape
    facts: dict[str, Any] = {
        "weeks": weeks,
        "people": people,
        "since": since,
        "facts": list(film.FACTS),
        "districts": np.bincount(taken.districts).tolist(),
        "households": taken.households.tolist(),
        "adults": np.flatnonzero(taken.adults).tolist(),
        "states": base64.b64encode(taken.states.tobytes()).decode(),
        "ties": base64.b64encode(taken.ties.astype("<u4").tobytes()).decode(),
        "so_far": {fact: taken.so_far(fact, since).tolist() for fact in COUNTS},
    }
    return json.dumps(facts, separators=(",", ":")).encode()
