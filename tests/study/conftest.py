"""What the small study comes to when nothing goes wrong."""

import pytest

from tests.helpers.studies import undisturbed


@pytest.fixture(scope="session")
def wanted(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return undisturbed(tmp_path_factory.mktemp("undisturbed"))
