"""What is read from a study database."""

from pathlib import Path

import pytest

from glasshouse.errors import StoringError
from glasshouse.study.store.schema import Counts
from glasshouse.study.store.study_database import StudyDatabase
from tests.helpers.studies import DEFINITION, LONG, finish, points, runs


def test_a_share_shrinks_as_the_end_comes_near(database: StudyDatabase) -> None:
    study = database.create(DEFINITION, points(50), runs(100))
    assert [database.claim_size(study, most) for most in (1, 20, 100)] == [1, 20, 50]
    database.claim(study, "a", 20, LONG)
    database.claim(study, "b", 20, LONG)
    assert database.claim_size(study, 100) == 60 // (2 * 3)
    database.claim(study, "c", 60, LONG)
    assert database.claim_size(study, 100) == 1


def test_a_point_has_ended_when_every_run_of_it_is_done_or_failed(database: StudyDatabase, tmp_path: Path) -> None:
    study = database.create(DEFINITION, points(3), runs(5))

    def ended() -> tuple[int, int]:
        counts = database.counts(study)
        return counts.points_ended, counts.points

    database.claim(study, "a", 4, LONG)
    assert ended() == (0, 3)
    finish(database, "a", tmp_path, [1, 2, 3])
    assert ended() == (1, 3)
    database.fail("a", 0, "out of luck")
    assert ended() == (2, 3)
    database.retry(study)
    assert ended() == (1, 3)


def test_who_only_looks_changes_nothing(place: str, database: StudyDatabase, tmp_path: Path) -> None:
    study = database.create(DEFINITION, points(3), runs(6))
    with StudyDatabase.open(place, read_only=True) as reader:
        assert reader.counts(study) == Counts(waiting=6)
        database.claim(study, "a", 2, LONG)
        assert reader.counts(study) == Counts(waiting=4, running=2)
        assert reader.stalled(study) == ()
        with pytest.raises(StoringError, match="(?i)read-?only"):
            reader.claim(study, "b", 1, LONG)
    with pytest.raises(StoringError, match="no study database is here"):
        StudyDatabase.open(tmp_path / "none.db", read_only=True)
    assert not (tmp_path / "none.db").exists()
