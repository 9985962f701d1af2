"""The provenance record names what a result depends on, and nothing that names a person or a machine's owner."""

import platform
from pathlib import Path

import numpy as np
import pytest

from glasshouse.results import provenance


def test_the_code_s_digest_changes_with_any_source_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("__init__.py", "a.py", "library/x.toml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("1")
    monkeypatch.setattr(provenance, "PACKAGE", tmp_path)
    seen = {provenance.code_digest()}
    (tmp_path / "library" / "x.toml").write_text("2")
    seen.add(provenance.code_digest())
    (tmp_path / "a.py").rename(tmp_path / "b.py")
    seen.add(provenance.code_digest())
    (tmp_path / "notes.txt").write_text("no code")
    seen.add(provenance.code_digest())
    assert len(seen) == 3


def test_versions_are_those_installed() -> None:
    assert provenance.libraries()["numpy"] == np.__version__
    assert provenance.version() == "0.1.0"


def test_the_machine_is_described_by_kind_not_by_name() -> None:
    assert platform.node() not in provenance.machine() or not platform.node()
    assert platform.machine() in provenance.machine()
    assert provenance.today().endswith(" UTC")
