"""The page: one file without network, every chart with words beside it, every assumption with its source."""

import base64
import hashlib
import math
import re
from dataclasses import replace
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from markupsafe import Markup

from glasshouse.errors import StoringError
from glasshouse.model.measures.panel import CONTROL, GOVERNANCE
from glasshouse.model.measures.speech import Chilling, ControlExpected
from glasshouse.model.mechanisms import CATALOGUE
from glasshouse.report import charts
from glasshouse.report.document import markdown
from glasshouse.report.elements import Figure, Table, together
from glasshouse.report.i18n import words
from glasshouse.report.odd.delta import delta
from glasshouse.report.odd.dependencies import Wiring
from glasshouse.report.odd.description import odd
from glasshouse.report.odd_page import description
from glasshouse.report.run import first_screen, lifelines
from glasshouse.report.run.report_data import collect
from glasshouse.report.run.run_page import page
from glasshouse.report.run.sections import by_definition, verdict
from glasshouse.report.week_diagram import week
from glasshouse.report.write import write_document, write_lives, write_report
from glasshouse.results import did
from glasshouse.results.estimate import Estimate
from glasshouse.results.life_course import Trajectory
from glasshouse.results.life_narrative import UNREAL, portrait, sentences
from glasshouse.results.result import Result
from glasshouse.results.time_series import SERIES
from glasshouse.results.totals import ARMS
from glasshouse.scenario.scenario import load, override
from glasshouse.scenario.toml_text import to_toml
from tests.helpers.html import read
from tests.helpers.lives import LAYOUT
from tests.helpers.lives import life as made_life
from tests.helpers.results import small_result as result
from tests.helpers.results import staggered_result as field_result


@cache
def text() -> str:
    return page(result())


def test_the_page_needs_no_network_and_allows_one_script_alone() -> None:
    for tag, name, value in read(text()).attributes:
        if name in ("src", "href", "xlink:href", "srcset", "action", "data"):
            assert value.startswith("#"), (tag, name, value)
        assert not name.startswith("on"), (tag, name)
    (script,) = re.findall(r"<script>(.*?)</script>", text(), re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in unescape(text())
    assert "fetch" not in script
    assert "@import" not in text()
    assert not re.search(r"url\((?!#)", text())


def test_the_first_screen_names_people_of_both_arms_and_is_short() -> None:
    """Harm first, in people and with the other arm beside it; then three charts, and one line for each section."""
    found = collect(result())
    restricted, wrong = found.restricted.regime, found.wrongly.estimates.regime
    assert restricted is not None
    assert wrong is not None
    first = unescape(
        re.sub(
            r"<svg.*?</svg>|<style.*?</style>|<[^>]*>", " ", text()[: text().index('class="folds"')], flags=re.DOTALL
        )
    )
    assert f"{restricted.mean:,.0f} are restricted under the regime, and {wrong.mean:,.0f} of them wrongly" in first
    assert first.index("Without the regime") < first.index("Harm to people") < first.index("Control")
    assert len(re.findall(r"<figure>", text()[: text().index('class="folds"')])) == 3
    lines = re.findall(r"<section id=\"(\w+)\"><details><summary><h2>([^<]+)</h2><span>([^<]+)</span>", text())
    assert {"about", "burden", "lives", "time", "claim", "measures", "assumptions", "provenance"} <= {
        name for name, _, _ in lines
    }
    shown = re.sub(r"<p>.*?</p>", "", first)
    assert len(shown.split()) + sum(len(f"{title} {said}".split()) for _, title, said in lines) < 900


def test_sections_with_nothing_to_show_are_absent() -> None:
    plain = result()
    assert 'id="lives"' not in page(replace(plain, lives=None))
    assert 'id="lives"' in text()


def test_the_first_screen_has_german_from_the_same_template() -> None:
    german = page(result(), "de")
    read(german)
    assert '<html lang="de">' in german
    first = unescape(re.sub(r"<[^>]*>", " ", german[german.index("<main>") : german.index('class="folds"')]))
    assert "Von je 100.000 Erwachsenen" in first
    assert "Ohne das Regime" in first
    assert "Jahre seit Beginn des Regimes" in first
    assert "years since" not in first
    assert not re.search(r"\d \(?[\d.,]+ to \d", first)
    lines = re.findall(r"<summary><h2>([^<]+)</h2><span>([^<]+)</span>", german)
    english = re.findall(r"<summary><h2>([^<]+)</h2><span>([^<]+)</span>", text())
    assert len(lines) == len(english)
    assert not {said for _, said in lines} & {said for _, said in english}


def test_every_chart_of_both_arms_can_be_taken_along_with_a_sentence_to_cite() -> None:
    tools = [value for _, name, value in read(text()).attributes if name == "data-csv"]
    assert len(tools) >= len(SERIES) + 3
    assert all(len(one.splitlines()) > 2 and one.startswith(("year,", "label,")) for one in tools)
    digest = result().provenance.scenario_digest
    cited = re.findall(r'<details class="cite"><summary>Cite</summary><p>(.*?) <button', text())
    assert len(cited) == len(tools)
    assert all(digest in one and "95 % intervals hold" in one for one in cited)
    assert (
        text().count('data-save="png"')
        == text().count('data-save="svg"')
        == text().count('data-save="csv"')
        == len(tools)
    )


def test_the_first_screen_says_what_the_intervals_allow() -> None:
    data = collect(result())
    wrongly = data.wrongly.estimates

    def lines(effect: Estimate, silenced: Estimate | None = None) -> str:
        changed = replace(data, wrongly=replace(data.wrongly, estimates=replace(wrongly, effect=effect)))
        if silenced is not None:
            known = (replace(one, effect=silenced) if one.measure is Chilling else one for one in data.measures)
            changed = replace(changed, measures=tuple(known))
        return " ".join(first_screen.view(changed, words("en"), 190, 210).sentences)

    assert "wrongly restricts 700 (650 to 750) more of every" in lines(Estimate(700.0, 650.0, 750.0, 5))
    assert "wrongly restricts 700 (650 to 750) fewer of every" in lines(Estimate(-700.0, -750.0, -650.0, 5))
    assert "cannot be told from 3 replicates" in lines(Estimate(10.0, -50.0, 70.0, 5))
    assert "In both arms as many people" in lines(Estimate(0.0, 0.0, 0.0, 5))
    assert "silenced" not in lines(Estimate(0.0, 0.0, 0.0, 5), Estimate(0.01, -0.1, 0.1, 5))
    assert "are silenced." in lines(Estimate(0.0, 0.0, 0.0, 5), Estimate(0.1, 0.05, 0.15, 5))
    zero = Estimate(0.0, 0.0, 0.0, 5)
    nobody = replace(data, restricted=replace(data.restricted, regime=zero))
    assert (
        first_screen.view(nobody, words("en"), 190, 210).heading == "Under the regime nobody is restricted in this run"
    )


def test_every_chart_has_words_and_every_identifier_is_its_own() -> None:
    reader = read(text())
    charts = [value for tag, name, value in reader.attributes if tag == "div" and (name, value) == ("role", "img")]
    described = re.findall(r'<div role="img" aria-label="([^"]*)"', text())
    squares = 2  # the people of each arm, whose counts stand above them
    assert len(charts) == len(described) == text().count("<svg") - squares >= len(SERIES) + 3
    assert all(len(said) > 30 and any(sign.isdigit() for sign in said) for said in described)
    names = [value for _, name, value in reader.attributes if name == "id"]
    assert len(names) == len(set(names))


def test_a_regime_that_changes_has_a_column_for_it() -> None:
    plain = result()
    weeks = plain.scenario.run.weeks
    dates = {"change.1.week": weeks - 1, "change.1.observation.coverage": 0.03125, "change.1.about": "less is watched"}
    more = {"change.2.week": weeks, "change.2.observation.covert": 0.0625, "change.2.lists.delay_off": 3.0}
    changed = override(plain.scenario, {"change": [], **dates, **more})
    shown = page(replace(plain, scenario=changed))
    assert shown.count(f"From week {weeks - 1:,}") == 1
    assert shown.count(f"From week {weeks:,}") == 2
    # The second change keeps what the first one set.
    assert shown.count("<strong>0.03125</strong>") == 2
    assert shown.count("<strong>0.0625</strong>") == 1
    assert f"from week {weeks - 1} on it is another (less is watched); from week {weeks} on it is another" in shown
    assert "From week" not in text()
    read(shown)


def test_the_two_arms_differ_in_more_than_colour() -> None:
    first = text()[text().index('id="time"') :]
    chart = first[first.index("<svg") : first.index("</svg>")]
    assert "stroke-dasharray" in chart
    assert ">with<" in chart
    assert ">without<" in chart


def test_every_assumption_stands_there_with_its_source() -> None:
    body = unescape(text())
    for mechanism in CATALOGUE:
        for name, field in mechanism.model_fields.items():
            assert f"<code>{name}</code>" in body
            assert str(field.description) in body
    assert body.count("assumption") > 50
    assert "facts.md" in body


def test_what_was_run_stands_there_whole() -> None:
    body = unescape(text())
    assert to_toml(result().scenario) in body
    assert result().headline in body
    assert str(result().provenance.code_digest) in body
    # The shipped file with the reason for each value, comments included.
    assert "# the regime begins in 2014, with the planning outline" in body
    assert "Everybody on this page is synthetic" in body
    assert "Nobody on this page exists" in body


def test_titles_cannot_bring_markup() -> None:
    strange = replace(result().scenario, title="<script>alert(1)</script>", about='"><img src=x onerror=alert(1)>')
    html = page(replace(result(), scenario=strange))
    read(html)
    assert html.count("<script") == 1
    assert "alert(1)</script>" not in html
    assert "<img" not in html
    assert "<b>" not in together(Figure("<b>", Markup(), "<b>", "<b>"), Table(("<b>",), [("<b>",)]), "<b>")


def test_one_replicate_says_that_it_is_one() -> None:
    single: Result = replace(result(), weekly_totals=result().weekly_totals[:1])
    html = page(single)
    read(html)
    assert "there is no interval" in html
    assert "cannot be judged from one replicate" in html
    assert "nan" not in re.sub(r"<[^>]*>", "", html).lower().replace("governance", "").split()


def test_a_staggered_roll_out_is_studied_where_pyfixest_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    staged = field_result()
    if did.installed():
        html = page(staged)
        read(html)
        part = html[html.index('id="field"') : html.index('id="cost"')]
        assert "Complaints by time since a district adopted the regime" in part
        assert "weeks before adoption the field study estimates" in part
        assert ">truth<" in part
        assert "stroke-dasharray" in part
    monkeypatch.setattr("glasshouse.report.run.did.installed", lambda: False)
    assert 'id="field"' not in page(staged)
    at_once = replace(staged.scenario, run=staged.scenario.run.model_copy(update={"rollout": 0}))
    assert 'id="field"' not in page(replace(staged, scenario=at_once))


def test_a_roll_out_that_allows_no_study_has_no_section() -> None:
    assert 'id="field"' not in text()


def test_the_verdict_follows_the_intervals() -> None:
    up, down, open_ = (Estimate(m, m - 0.1, m + 0.1, 5) for m in (0.2, -0.2, 0.0))
    none = Estimate(0.2, math.nan, math.nan, 1)
    assert "holds in this run" in verdict(up, down)
    assert "is open in this run: protest is avoided" in verdict(up, open_)
    assert "does not change" in verdict(up, Estimate(0.0, 0.0, 0.0, 5))
    assert "both control and governance improve" in verdict(up, up)
    assert "protest rises" in verdict(down, up)
    assert "is open" in verdict(open_, down)
    assert "cannot be judged" in verdict(none, none)


def test_control_and_governance_are_shown_by_each_definition_in_one_table() -> None:
    start = text().index('<section id="claim">')
    part = unescape(text()[start : text().index("</section>", start)])
    assert part.count("<table>") == 1
    assert part.count("<tr>") == 1 + 3 + 6
    for term, definitions in (("Control", CONTROL), ("Governance", GOVERNANCE)):
        assert all(f"{term}: {one.name}<br><small>{one.measure.title}" in part for one in definitions)
    assert "Of 3 definitions, control " in part
    assert "Of 6 definitions, governance " in part


def test_the_sentence_over_all_definitions_counts_where_the_claim_holds_fails_and_is_open() -> None:
    """Every measure rises: by three definitions of governance that is better, by three worse; so it is by cost and breadth."""
    data = collect(result())
    up = Estimate(0.2, 0.1, 0.3, 5)
    risen = replace(data, measures=tuple(replace(one, effect=up) for one in data.measures))
    told = by_definition(risen)
    assert told.startswith("Of 3 definitions, control improves by 1 (unrest), gets worse by 2 (breadth, cost).")
    better = "grievances solved, equal treatment, truth of what is reported upward"
    worse = "regulatory compliance, contracts and judgments enforced, correct treatment"
    assert f"Of 6 definitions, governance improves by 3 ({better}), gets worse by 3 ({worse})." in told
    assert told.endswith(
        "So with control defined by unrest the claim holds in this run under 3 of the 6 definitions of governance, fails under 3 "
        "and is open under 0."
    )
    uncertain = Estimate(0.0, -0.1, 0.1, 5)
    mixed = [one if one.measure is ControlExpected else replace(one, effect=uncertain) for one in risen.measures]
    assert by_definition(replace(data, measures=tuple(mixed))).endswith("fails under 0 and is open under 6.")
    unknown = Estimate(0.2, math.nan, math.nan, 1)
    open_ = by_definition(replace(data, measures=tuple(replace(one, effect=unknown) for one in data.measures)))
    assert "no definition shows a certain improvement of control" in open_


def test_a_few_life_courses_of_people_who_do_not_exist_are_shown() -> None:
    found = result().lives
    assert found is not None
    start = text().index('<section id="lives">')
    part = text()[start : text().index("</section>", start)]
    body = unescape(part)
    assert UNREAL in body
    assert part.count("<article") == part.count('role="img"') == len(found.selected) >= 4
    for life in found.selected:
        assert f'id="citizen-{life.citizen}"' in part
        assert portrait(life.person) in body
        assert all(said in body for said in sentences(life))


def test_lives_have_a_page_of_their_own_that_needs_no_network(tmp_path: Path) -> None:
    found = result().lives
    assert found is not None
    strange = replace(found, scenario=replace(found.scenario, title="<script>alert(1)</script>"))
    path = tmp_path / "lives.html"
    write_lives(strange, path)
    html = path.read_text(encoding="utf-8")
    reader = read(html)
    assert "<script" not in html
    assert not [value for _, name, value in reader.attributes if name in ("src", "href", "xlink:href")]
    assert not re.search(r"url\((?!#)", html)
    assert html.index(UNREAL) < html.index("<article")
    alone = replace(found, selected=found.selected[:1], sampled=0)
    write_lives(alone, path)
    assert "<h1>A life in both arms</h1>" in path.read_text(encoding="utf-8")


def lane_rows(spec: dict[str, Any], mark: str) -> list[dict[str, Any]]:
    layers = [layer for layer in spec["vconcat"][0]["layer"] if layer["mark"]["type"] == mark]
    return [row for layer in layers for row in layer["data"]["values"]]


def test_the_chart_of_a_life_course_shows_each_week_and_marks_wrongful_records_without_colour() -> None:
    found = made_life(weeks=104)
    weeks = found.regime.weeks
    weeks["state_0"][10:30], weeks["rule_state_0"][20:30] = 2, 2
    weeks["misfiled"][8], weeks["filed"][9] = 1, 1
    for course in found.trajectories.values():
        course.weeks["problem_start"][5:9], course.weeks["severity"][5:9] = 5, 1
    found.reference.weeks["complaint"][6] = True
    spec = lifelines.chart(found, 52)
    bars = [(row["row"], row["full"], row["from"] * 52 + 52, row["to"] * 52 + 52) for row in lane_rows(spec, "bar")]
    names = spec["vconcat"][0]["layer"][1]["encoding"]["y"]["axis"]["labelExpr"]
    row = {title: key for key, title in re.findall(r"=== '([^']*)' \? '([^']*)'", names)}
    assert [(key, full, round(a), round(b)) for key, full, a, b in bars] == [
        (row["open problem · without"], True, 5, 9),
        (row["open problem · with"], True, 5, 9),
        (row["restricted: travel · with"], True, 20, 30),
        (row["restricted: travel · with"], False, 10, 20),
    ]
    marks = {(row["row"], row["shape"], row["filled"]) for row in lane_rows(spec, "point")}
    assert marks == {
        (row["speaks up · without"], "circle", True),
        (row["left unsaid · with"], lifelines.CROSS, False),
        (row["recorded · with"], "diamond", False),
        (row["recorded · with"], "square", True),
    }
    assert "in debt · with" not in row
    drawn = charts.svg(spec, "x")
    assert 'fill="#ffffff"' in drawn
    assert "stroke-dasharray" in drawn


def test_columns_of_a_richer_model_get_lanes_and_lines_of_their_own() -> None:
    bare = made_life(weeks=60)
    layout = [*LAYOUT, ("appeal_0", "u1"), ("visited", "?"), ("score", "i2")]
    arms = {arm: Trajectory(np.zeros(60, layout)) for arm in ARMS}
    arms["regime"].weeks["appeal_0"][20:25], arms["regime"].weeks["visited"][30] = 1, True
    rich = replace(bare, trajectories=arms)
    spec = lifelines.chart(rich, 0)
    assert len(spec["vconcat"]) == len(lifelines.chart(bare, 0)["vconcat"]) + 1
    assert len(lane_rows(spec, "bar")) == 1
    assert [row["shape"] for row in lane_rows(spec, "point")] == ["triangle-down"]
    assert "<svg" in charts.svg(spec, "x")
    # A life in which nothing happens at all is drawn as well.
    assert "<svg" in charts.svg(lifelines.chart(bare, 0), "x")


def test_it_is_written_whole_or_reported(tmp_path: Path) -> None:
    path = tmp_path / "new" / "report.html"
    write_report(result(), path)
    assert path.read_text(encoding="utf-8") == text()
    assert list(path.parent.iterdir()) == [path]
    (tmp_path / "file").write_text("")
    with pytest.raises(StoringError, match="cannot be written"):
        write_report(result(), tmp_path / "file" / "report.html")


@cache
def described() -> str:
    return description(odd(load("social-governance")))


def test_a_description_is_one_file_in_order_that_needs_no_network() -> None:
    for html in (described(), description(delta(load("social-governance"), load("social-governance")))):
        reader = read(html)
        for tag, name, value in reader.attributes:
            if name in ("src", "href", "xlink:href", "srcset", "action", "data"):
                assert value.startswith("#"), (tag, name, value)
        names = [value for _, name, value in reader.attributes if name == "id"]
        assert len(names) == len(set(names))
        links = [value[1:] for _, name, value in reader.attributes if name == "href"]
        assert set(links) <= set(names)
        assert "<script" not in html


def test_a_description_says_the_same_in_both_media() -> None:
    bare = re.sub(r"\s+", " ", unescape(re.sub(r"<svg.*?</svg>|<style.*?</style>|<[^>]+>", " ", described())))
    for word in re.findall(r"[\w-]{4,}", re.sub(r"[\\`]", "", markdown(odd(load("social-governance"))))):
        assert word in bare or word in described(), word


def test_the_week_is_drawn_step_by_step_with_words_beside_it() -> None:
    wiring = Wiring(CATALOGUE)
    drawn = week(wiring)
    ET.fromstring(drawn)
    shown = re.findall(r'text-anchor="middle" fill="white">(\d+)<', drawn)
    assert [int(number) for number in shown] == [step.place for step in wiring.steps]
    heights = [float(y) for y in re.findall(r'<circle cx="44" cy="([\d.]+)" r="12.5"', drawn)]
    assert heights == sorted(heights)
    assert len(heights) == len(wiring.steps)
    said = next(
        value for _, name, value in read(described()).attributes if name == "aria-label" and "The week" in value
    )
    for step in wiring.steps:
        assert f"{step.place} {step.name}" in said
    assert drawn.index("First: every citizen") < drawn.index("Then: every district") < drawn.index("Last: the centre")


def test_the_week_has_a_mark_for_each_pair_and_way_and_none_depends_on_colour() -> None:
    wiring = Wiring(CATALOGUE)
    drawn = week(wiring)
    ways = {(link.reader.place, link.owner.place, link.how) for link in wiring.links}
    marks = re.findall(r"<g><(circle|rect|polygon) [^>]*/><title>([^<]+)</title></g>", drawn)
    assert len(marks) == len(ways)
    read = "deserved, on_file, right, right_speech, wrong, wrong_speech of points"
    assert re.search(rf"lists, step \d+, reads the state of this week: {read}", drawn)
    explained = re.findall(r'<g transform="translate[^>]*><(\w+) ([^>]*)/><text', drawn)
    shapes = {(kind, re.sub(r' ?c?[xy]="[^"]*"|fill="#\w+"', "", look)) for kind, look in explained}
    assert len(shapes) == len(explained) == len({how for _, _, how in ways}) + 1
    assert set(re.findall(r'(?:fill|stroke)="(#\w+)"', drawn)) <= {
        "#1c1c1a",
        "#5b5b57",
        "#d9d9d4",
        "#ecece6",
        "#efefea",
    }


def test_a_description_is_written_by_the_ending_of_its_name(tmp_path: Path) -> None:
    found = delta(load("social-governance"), load("social-governance"))
    for name, begins in (("a.html", "<!doctype html>"), ("deep/b.md", "*Delta ODD"), ("c.HTML", "<!doctype html>")):
        write_document(found, tmp_path / name)
        assert (tmp_path / name).read_text(encoding="utf-8").startswith(begins)
    with pytest.raises(StoringError, match=r"ends in \.html, \.md or \.docx"):
        write_document(found, tmp_path / "d.pdf")
    (tmp_path / "taken").write_text("")
    with pytest.raises(StoringError, match="cannot be written"):
        write_document(found, tmp_path / "taken" / "e.md")


def test_texts_of_a_scenario_cannot_become_marks_of_the_page() -> None:
    sly = replace(load("social-governance"), title="<script>x</script>", about="a < b & `c`")
    html = description(odd(sly))
    read(html)
    assert "<script" not in html
    assert "a &lt; b &amp; <code>c</code>" in html
