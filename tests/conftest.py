"""What all tests share: a cache of compiled passes that outlives a run, so that only the first compiles."""

import os
from pathlib import Path

FOLDER = Path(__file__).parent.parent / ".pytest_cache" / "compiled"
os.environ.setdefault("GLASSHOUSE_CACHE", str(FOLDER))
