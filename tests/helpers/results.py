"""Small runs that several test files look at, each run once in a session."""

from functools import cache

import pytest

import glasshouse
from glasshouse.results import did
from glasshouse.results.result import Result

needs_fixest = pytest.mark.skipif(not did.installed(), reason="needs pyfixest: pip install '.[analysis]'")

SIZE = {"citizens": 3000, "weeks": 130, "replicates": 3, "settings": {"start": 40, "rollout": 10, "district_size": 512}}


@cache
def small_result() -> Result:
    """Three replicates whose regime begins in week 40."""
    return glasshouse.run("social-governance", **SIZE, threads=1)


@cache
def staggered_result() -> Result:
    """Small districts that adopt the regime over two years."""
    settings = {"start": 52, "rollout": 104, "district_size": 256}
    return glasshouse.run("social-governance", citizens=6000, weeks=169, replicates=2, settings=settings, threads=1)
