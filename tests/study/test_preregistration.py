"""Frozen studies: fixed before the first run, refused afterwards, checked by anybody."""

import hashlib
import json
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from glasshouse.cli.main import cli
from glasshouse.errors import StoringError
from glasshouse.study import preregistration, worker
from glasshouse.study.definition import add_study
from glasshouse.study.preregistration import Registration, preregister, read_registration, registration_of
from glasshouse.study.store.study_database import StudyDatabase
from tests.helpers.studies import TEXT, made


def database(folder: Path) -> StudyDatabase:
    return StudyDatabase.open(folder / "studies.db")


def claims(folder: Path, text: str = 'sentence = "It\\\\s """quoted"""\\t"\nends = \'"\'\n"') -> Path:
    path = folder / "claims.toml"
    path.write_bytes(text.encode())
    return path


def test_what_is_fixed_can_be_checked_without_us(tmp_path: Path) -> None:
    """The hash is SHA-256 of the file's contents as the head of the file says, whatever characters claims have."""
    with database(tmp_path) as opened:
        found, text = preregister(opened, made(), [claims(tmp_path)])
        record = opened.study("small")
    told = tomllib.loads(text)
    del told["hash"], told["date"]
    plain = json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert hashlib.sha256(plain.encode()).hexdigest() == found.digest
    assert registration_of(record) == found
    assert told["scenario"] == json.loads(record.definition)["scenario"]
    assert told["claims"] == [{"file": "claims.toml", "text": claims(tmp_path).read_text()}]
    assert told["design"]["factors"][0]["key"] == "observation.coverage"
    path = tmp_path / "small.frozen.toml"
    path.write_text(text, encoding="utf-8")
    assert read_registration(path) == (found, told)


def test_a_changed_file_is_found_out(tmp_path: Path) -> None:
    with database(tmp_path) as opened:
        _, text = preregister(opened, made())
    path = tmp_path / "deposit.toml"
    for old, new in (("citizens = 600", "citizens = 601"), ("replicates = 2", "replicates = 3"), ("0.6", "0.7")):
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        with pytest.raises(StoringError, match="changed after it was frozen"):
            read_registration(path)
    for broken in ("", "hash = 3", "[", text.replace("hash = ", "mash = ")):
        path.write_text(broken, encoding="utf-8")
        with pytest.raises(StoringError, match="is no frozen study"):
            read_registration(path)
    with pytest.raises(StoringError, match="is no frozen study"):
        read_registration(tmp_path / "none.toml")


def test_what_is_frozen_stays_as_it_was(tmp_path: Path) -> None:
    with database(tmp_path) as opened:
        first, _ = preregister(opened, made())
        assert preregister(opened, made())[0] == first
        with pytest.raises(StoringError, match="give a changed study a new name"):
            preregister(opened, made(), [claims(tmp_path)])
        with pytest.raises(StoringError, match=f"frozen as {first.digest}"):
            add_study(opened, replace(made(), seed=99))


def test_a_study_that_has_begun_cannot_be_frozen_even_if_its_runs_wait_again(tmp_path: Path) -> None:
    with database(tmp_path) as opened:
        add_study(opened, made())
        record = opened.study("small")
        assert opened.claim(record, "w", 1, 60.0)
        assert opened.release("w") == 1
        assert opened.counts(record).waiting == opened.counts(record).total
        with pytest.raises(StoringError, match="has begun"):
            preregister(opened, made())
        assert registration_of(opened.study("small")) is None


def test_a_frozen_study_runs_as_any_other(tmp_path: Path) -> None:
    with database(tmp_path) as opened:
        found, _ = preregister(opened, made())
        worker.work(opened, "small", tmp_path / "small", worker.WorkerOptions(max_runs=1))
        assert registration_of(opened.study("small")) == found
        assert opened.counts(opened.study("small")).done >= 1


def test_claims_that_cannot_be_read_freeze_nothing(tmp_path: Path) -> None:
    with database(tmp_path) as opened:
        for path in (tmp_path / "none.toml", tmp_path):
            with pytest.raises(StoringError, match="claims cannot be read"):
                preregister(opened, made(), [path])
        assert opened.studies() == ()


def test_the_command_freezes_and_verifies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("small.toml").write_text(TEXT)

    def asked(*words: str):
        return CliRunner().invoke(cli, ["study", "freeze", *words])

    done = asked("small.toml", "--out", "deposit.toml")
    assert done.exit_code == 0, done.output
    kept = Path("results/studies/small.frozen.toml")
    assert kept.read_bytes() == Path("deposit.toml").read_bytes()
    digest = read_registration(kept)[0].digest
    assert f"as {digest}" in done.stdout
    checked = asked("--verify", "deposit.toml")
    assert checked.exit_code == 0
    assert "in the study database is frozen under the same hash" in checked.stdout
    assert "The code of this installation is the one that it fixes." in checked.stdout
    assert "either WHAT" in asked().stderr
    assert "either WHAT" in asked("small.toml", "--verify", "deposit.toml").stderr
    text = kept.read_text(encoding="utf-8")
    other = tomllib.loads(text)
    del other["hash"], other["date"]
    Path("code.toml").write_text(preregistration.registration_text({**other, "code": "c0de"}, "2026"), encoding="utf-8")
    assert "is not the one that it fixes" in asked("--verify", "code.toml").stdout
    Path("other.toml").write_text(preregistration.registration_text({**other, "seed": 5}, "2026"), encoding="utf-8")
    wrong = asked("--verify", "other.toml")
    assert wrong.exit_code == 1
    assert f"frozen as {digest}" in wrong.stderr


def test_a_mark_is_a_hash_and_a_moment() -> None:
    assert str(Registration("ab", "2026-11-25 10:00:00 UTC")) == "ab 2026-11-25 10:00:00 UTC"
    assert registration_of(None) is None
    assert preregistration.utc_time(0.0) == "1970-01-01 00:00:00 UTC"
