"""The ledger adds up to the sums of a run, integer for integer, and promises are no input of it."""

import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import glasshouse as gh
from glasshouse.analysis.savings.counts import Counts
from glasshouse.analysis.savings.ledger import LINES, ledger, turn
from glasshouse.analysis.savings.prices import Prices, prices_of, prior_of
from glasshouse.errors import AnalysisError, ScenarioError
from glasshouse.report.savings import savings_page
from glasshouse.report.savings_words import line_rows, sentence, turn_text
from glasshouse.results.result import Result

ROUND = {"demand": 1200.0, "collected": 0.5, "instalments": 6, "refunded": 1.0, "refund_after": 4, "compensation": 0.1,
         "case": 200.0, "review": 10.0, "appealed": 0.25, "appeal": 400.0, "system": 5.2}  # fmt: skip


@cache
def run() -> Result:
    return gh.run("elsewhere/benefit-screening", citizens=1500, weeks=156, replicates=2, seed=3)


def counts(**given: list[int]) -> Counts:
    """Counts of one replicate, by month, the same in both arms."""
    months = len(next(iter(given.values())))
    have = {name: np.zeros((1, months), np.int64) for name in ("decided", "found", "wrong", "reviewed", "recipients")}
    have |= {name: np.array([values]) for name, values in given.items()}
    money = {arm: np.zeros((1, months)) for arm in ("reference", "regime")}
    return Counts(months, {"reference": have, "regime": have}, money, money)


def test_a_finding_brings_instalments_and_a_refund_takes_them_back() -> None:
    """Two findings, one wrong and refunded in the fourth month after it: 100 in each of six months for one, of three for the other."""
    book = ledger(counts(found=[2] + 9 * [0], wrong=[1] + 9 * [0]), prices_of(ROUND), "regime")
    assert book.lines["collected"][0].tolist() == [0, 20000, 20000, 20000, 10000, 10000, 10000, 0, 0, 0]
    assert book.lines["refunded"][0].tolist() == [0, 0, 0, 0, -30000, 0, 0, 0, 0, 0]
    assert book.lines["compensation"][0].tolist() == [0, 0, 0, 0, -3000, 0, 0, 0, 0, 0]
    assert book.lines["appeals"][0, 0] == -2 * 10000
    assert book.memos["demanded"][0, 0] == 2 * 120000
    assert (book.net == sum(book.lines.values())).all()


def test_a_refund_after_the_last_instalment_is_of_all_of_them() -> None:
    book = ledger(counts(found=[1] + 9 * [0], wrong=[1] + 9 * [0]), prices_of({**ROUND, "refund_after": 9}), "regime")
    assert book.lines["collected"].sum() == 60000
    assert book.lines["refunded"][0, 9] == -60000


def test_the_ledger_adds_up_to_the_sums_of_the_run() -> None:
    found, result = gh.savings(run(), ROUND), run()
    for arm, book in (("regime", found.regime), ("reference", found.reference)):
        for replicate in range(2):
            weeks = result.weekly_sums(replicate, arm, weeks=slice(52, 156))
            decided = int(weeks.decided_model.sum() + weeks.decided_lot.sum())
            staff = 20000 * decided + 1000 * int(weeks.reviewed.sum())
            assert -book.lines["staff"][replicate].sum() == staff
            assert book.memos["demanded"][replicate].sum() == 120000 * int(
                weeks.found_model.sum() + weeks.found_lot.sum()
            )
            assert -book.lines["system"][replicate].sum() == 10 * int(weeks.drawing.sum())
        assert (book.net == sum(book.lines[name] for name in LINES)).all()
        assert (book.cumulative[:, -1] == book.net.sum(axis=1)).all()
    table = found.table()
    assert len(table) == 2 * 2 * found.months == 96
    assert table["net"].sum() == found.regime.net.sum() + found.reference.net.sum()
    assert found.total("net").mean == pytest.approx(found.regime.net.sum() / 200)


def test_a_promise_changes_nothing_but_itself() -> None:
    little, much = (gh.savings(run(), {**ROUND, "promised": value}) for value in (10.0, 1000.0))
    assert (little.regime.net == much.regime.net).all()
    assert (little.draws == much.draws).all()
    assert much.promised == pytest.approx(100 * little.promised)


@pytest.mark.parametrize(
    ("balance", "month"),
    [([-1, -2, 3, 4], (3, 1)), ([5, 6, -1, -2], (3, -1)), ([1, 2], (1, 1)), ([-1, 1, -1, 2], (4, 1)), ([1, 0], None)],
)
def test_the_month_in_which_it_turns(balance: list[int], month: tuple[int, int] | None) -> None:
    assert turn(np.array(balance)) == month


def test_plausible_prices_are_drawn_from_their_ranges() -> None:
    usual, fixed = gh.savings(run()), gh.savings(run(), {name: getattr(Prices(), name) for name in Prices.model_fields})
    low, high = usual.plausible
    assert low < high
    assert fixed.draws.tolist() == [pytest.approx(fixed.total("net").mean)]
    for name in Prices.model_fields:
        first, last = prior_of(name)
        assert first <= getattr(Prices(), name) <= last


def test_page_and_files(tmp_path: Path) -> None:
    found = gh.savings(run())
    found.save(tmp_path)
    facts = json.loads((tmp_path / "savings.json").read_text())
    assert facts["totals"]["regime"]["net"]["mean"] == found.total("net").mean
    assert (tmp_path / "ledger.parquet").exists()
    page = savings_page(found)
    for text in (
        sentence(found).split(".")[0],
        turn_text(found),
        "What is no saving",
        "no promise enters",
        *(row[0] for row in line_rows(found)),
    ):
        assert text.lower() in page.lower()


def test_wrong_prices_and_other_scenarios_are_refused() -> None:
    with pytest.raises(AnalysisError, match="no price cases"):
        gh.savings(run(), {"cases": 1.0})
    with pytest.raises(AnalysisError, match="Impossible prices: collected"):
        gh.savings(run(), {"collected": 2.0})
    with pytest.raises(AnalysisError, match="screens and investigates recipients"):
        gh.savings(gh.run("town", citizens=300, weeks=60, replicates=1))


def test_no_search_takes_a_saving() -> None:
    """Prices are no settings of a scenario, and savings no measure: nothing that studies, searches or discoveries read."""
    from glasshouse.study.point_figures import SHIPPED

    with pytest.raises(ScenarioError):
        gh.load("elsewhere/benefit-screening", {"prices.case": 1.0})
    assert not [one.name for one in SHIPPED if "saving" in one.name]
