"""The page in a real browser (Chromium, driven by Playwright): every step, a run, a stop, a server that dies and comes back.

Skipped where there is no Chromium: Debian's package chromium, or one that GLASSHOUSE_CHROMIUM names.
"""

import os
import re
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from glasshouse.errors import StoringError
from glasshouse.report.lesson import lessons, write_lesson
from glasshouse.study.store.schema import Run
from glasshouse.study.store.study_database import StudyDatabase
from glasshouse.web.tutorial import STEPS
from tests.helpers import waiting

CHROMIUM = os.environ.get("GLASSHOUSE_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
if CHROMIUM is None:
    pytest.skip("There is no Chromium here: install it (Debian: chromium).", allow_module_level=True)
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright  # noqa: E402

# Other tests run beside these: what is looked for may take its time.
expect.set_options(1000 * waiting.LIMIT)

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
SHOTS = os.environ.get("GLASSHOUSE_SHOTS")
"""A folder for pictures of each view, where they are wanted."""


class Serving:
    """A page of its own process, that can be killed and started again at the same place."""

    def __init__(self, folder: Path, port: int = 0) -> None:
        command = [sys.executable, "-m", "glasshouse", "web", "--port", str(port), "--folder", str(folder)]
        command += ["--studies", str(folder / "studies")]
        self.folder = folder
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"}
        )
        assert self.process.stdout is not None
        found = re.search(r"http://127\.0\.0\.1:(\d+)/\?token=(\w+)", self.process.stdout.readline())
        assert found is not None
        self.port, self.token = int(found[1]), found[2]
        self.address = f"http://127.0.0.1:{self.port}"
        waiting.until(self.answers, process=self.process)

    def answers(self) -> bool:
        """Whether the server listens by now."""
        try:
            return bool(self.read("/static/style.css"))
        except OSError:
            return False

    def read(self, address: str) -> bytes:
        """What is at an address, asked for with the session's secret."""
        reader = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        with reader.open(f"{self.address}{address}{'&' if '?' in address else '?'}token={self.token}") as answer:
            return bytes(answer.read())

    def context(self, browser: Browser, **options: Any) -> BrowserContext:
        """A browser of its own that was let in, as by the address that the server printed."""
        context = browser.new_context(base_url=self.address, **options)
        context.set_default_timeout(1000 * waiting.LIMIT)
        context.request.get(f"/?token={self.token}")
        return context

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    page = Serving(tmp_path_factory.mktemp("page"))
    yield page
    page.kill()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        # Without the sandbox Chromium also runs as root, as it does in many containers.
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def context(browser: Browser, served: Serving) -> Iterator[BrowserContext]:
    made = served.context(browser, viewport={"width": 1280, "height": 900})
    yield made
    made.close()


def opened(context: BrowserContext, address: str) -> Page:
    """The page at an address; whatever it says to the console, and whatever it asks of elsewhere, is a failure."""
    page = context.new_page()
    page.on("console", lambda message: pytest.fail(f"console: {message.text}"))
    page.on("pageerror", lambda error: pytest.fail(f"error: {error}"))
    page.on(
        "request",
        lambda asked: None if asked.url.startswith(("http://127.0.0.1:", "data:", "blob:")) else pytest.fail(asked.url),
    )
    page.goto(address)
    return page


def accessible(page: Page) -> None:
    page.evaluate(AXE)
    found = page.evaluate("rules => axe.run(document, rules)", RULES)["violations"]
    told = [f"{one['id']}: {one['help']}: {[node['html'][:120] for node in one['nodes'][:3]]}" for one in found]
    assert not told, "\n".join(told)


def fits(page: Page) -> None:
    """Nothing is cut off, narrow or wide, light or dark, and everybody can read it."""
    for width, scheme in ((360, "dark"), (2560, "light"), (1280, "light")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (page.url, width)
        accessible(page)


def shot(page: Page, name: str) -> None:
    if SHOTS:
        high = page.evaluate("document.documentElement.scrollHeight")
        # The top of a long page tells what it is; a picture of all of it would be too large to look at.
        part = {"x": 0, "y": 0, "width": page.viewport_size["width"], "height": min(high, 1700)}
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True, clip=part)


def played(page: Page, guess: str = "5") -> None:
    page.select_option('select[name="speed"]', "40")
    page.fill("#guess", guess)
    page.click('.guess button[type="submit"]')
    page.wait_for_selector(".after:not([hidden])")


def test_a_browser_that_was_not_let_in_sees_nothing_and_the_printed_address_lets_it_in(
    browser: Browser, served: Serving
) -> None:
    context = browser.new_context(base_url=served.address)
    page = context.new_page()
    answer = page.goto("/runs")
    assert answer is not None
    assert answer.status == 401
    page.goto(f"/?token={served.token}")
    expect(page.locator("h1")).to_contain_text("What does a system")
    page.click("text=Begin the tutorial")
    expect(page).to_have_url(re.compile(r"/tutorial/[\w-]+"))
    answer = page.goto("/runs")
    assert answer is not None
    assert answer.status == 200
    context.close()


def test_another_site_cannot_ask_for_a_page_in_a_browser_that_was_let_in(
    context: BrowserContext, served: Serving, tmp_path: Path
) -> None:
    """A link alone would do: it opens by itself where a site's script follows it."""
    address = f"{served.address}/workbench?scenario=town&lists.integration=0.3"
    (tmp_path / "site.html").write_text(f'<title>Site</title><a href="{address}">Read</a>')
    page = context.new_page()
    page.goto((tmp_path / "site.html").as_uri())
    with page.expect_response(address) as link:
        page.click("a")
    assert link.value.status == 403


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.slug)
def test_a_step_takes_a_guess_runs_the_town_and_is_accessible(context: BrowserContext, step: object) -> None:
    page = opened(context, f"/tutorial/{step.slug}")  # type: ignore[attr-defined]
    played(page)
    expect(page.locator(".verdict")).to_contain_text("You said 5")
    rows = page.locator("tr[data-fact] td:nth-child(3)")
    assert all(re.fullmatch(r"[\d,]+", text) for text in rows.all_inner_texts())
    accessible(page)
    shot(page, f"tutorial-{step.slug}")  # type: ignore[attr-defined]


def test_a_handle_that_is_moved_makes_another_town_and_stands_in_the_address(context: BrowserContext) -> None:
    page = opened(context, "/tutorial/wrong-match")
    played(page)
    count = page.locator('tr[data-fact="wrongly"] td:nth-child(3)')
    before = int(count.inner_text())
    slider = page.locator('.slider input[name="mismatch"]')
    slider.fill("0")
    slider.dispatch_event("change")
    expect(count).not_to_have_text(str(before))
    assert int(count.inner_text()) < before
    expect(page).to_have_url(re.compile("mismatch=0"))
    page.reload()
    expect(page.locator(".slider output")).to_have_text("0%")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_narrow_and_wide_light_and_dark_nothing_is_cut_off(browser: Browser, served: Serving, scheme: str) -> None:
    context = served.context(browser, viewport={"width": 360, "height": 800}, color_scheme=scheme)
    for address in ("/tutorial/your-regime", "/workbench?scenario=town", "/runs"):
        page = opened(context, address)
        if "tutorial" in address:
            played(page)
        for width in (2560, 360):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, address
            accessible(page)
        if "tutorial" in address and scheme == "dark":
            shot(page, "narrow")
        page.close()
    context.close()


def test_a_saved_step_works_without_the_server(browser: Browser, served: Serving, tmp_path: Path) -> None:
    kept = tmp_path / "step.html"
    kept.write_bytes(served.read("/tutorial/wrong-match/file?lang=en"))
    assert "http" not in re.sub(
        r'"animations".*', "", kept.read_text(encoding="utf-8").replace("http://www.w3.org", "")
    )
    context = browser.new_context(offline=True)
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"error: {error}"))
    page.goto(kept.as_uri())
    expect(page.locator(".note")).to_contain_text("from runs made in advance")
    played(page)
    count = page.locator('tr[data-fact="wrongly"] td:nth-child(3)')
    before = int(count.inner_text())
    slider = page.locator('.slider input[name="mismatch"]')
    slider.fill("0")
    slider.dispatch_event("change")
    expect(count).not_to_have_text(str(before))
    assert int(count.inner_text()) < before
    accessible(page)
    context.close()


def test_the_keyboard_alone_plays_a_step(context: BrowserContext) -> None:
    page = opened(context, "/tutorial/one-record")
    page.select_option('select[name="speed"]', "40")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "guess":
            break
    page.keyboard.type("7")
    page.keyboard.press("Enter")
    page.wait_for_selector(".after:not([hidden])")
    expect(page.locator(".verdict")).to_contain_text("You said 7")


def test_who_wants_less_motion_sees_the_end_at_once(browser: Browser, served: Serving) -> None:
    context = served.context(browser, reduced_motion="reduce")
    page = opened(context, "/tutorial/wrong-match")
    expect(page.locator(".status")).to_have_text("")
    page.click('[data-do="skip"]')
    expect(page.locator(".after")).to_be_visible()
    context.close()


def test_a_scenario_is_changed_run_and_read(context: BrowserContext) -> None:
    page = opened(context, "/workbench?scenario=town")
    expect(page.locator("#faults")).to_contain_text("768")
    slider = page.locator('.handle [name="safeguards.review"]')
    slider.fill("0.8")
    slider.dispatch_event("change")
    expect(page.locator(".changed li")).to_contain_text("Listings that a person checks first: 0% → 80%")
    page.click(".changed li button")
    expect(page.locator(".changed .nothing")).to_be_visible()
    page.click(".everything > summary")
    page.fill('input[name="find"]', "integration")
    field = page.locator('.field [name="lists.integration"]')
    field.fill("3")
    field.press("Tab")
    expect(page.locator("#faults")).to_contain_text("above its range")
    assert page.locator('[data-do="run"]').is_disabled()
    field.fill("0.6")
    field.press("Tab")
    expect(page.locator("#toml")).to_have_value(re.compile(r"integration = 0\.6"))
    expect(page.locator("#faults")).to_contain_text("Valid")
    expect(page).to_have_url(re.compile(r"lists\.integration=0\.6"))
    accessible(page)
    shot(page, "workbench")
    page.click('[data-do="run"]')
    page.wait_for_url("**/runs/*")
    expect(page.locator(".state")).to_have_text("Finished.")
    expect(page.locator(".chart svg path").nth(8)).to_be_attached()
    for table in page.locator(".charts summary").all():
        table.click()
    rows = page.locator('[data-series="listed"] tbody tr')
    expect(rows).to_have_count(4)
    assert [float(text) for text in rows.last.locator("td").all_inner_texts()] == pytest.approx([0.731, 4.29], rel=0.5)
    fits(page)
    for table in page.locator(".charts summary").all():
        table.click()
    shot(page, "run")
    page.click("text=Read the report")
    expect(page.locator(".kind b")).to_contain_text("A small town")
    with page.expect_download() as saved:
        page.locator('[data-save="png"]').first.click()
    assert saved.value.suggested_filename == "wrongly_restricted.png"


def test_two_runs_stand_side_by_side(context: BrowserContext) -> None:
    for integration in (0.0, 0.9):
        page = opened(context, f"/workbench?scenario=town&lists.integration={integration}")
        expect(page.locator("#faults")).to_contain_text("Valid")
        page.click('[data-do="run"]')
        page.wait_for_url("**/runs/*")
        expect(page.locator(".state")).to_have_text("Finished.")
    page.goto("/runs")
    boxes = page.locator('input[type="checkbox"]')
    boxes.nth(0).check()
    boxes.nth(1).check()
    page.click("text=Compare up to four")
    expect(page.locator("h1")).to_have_text("Side by side")
    expect(page.locator("article")).to_contain_text("The same population with common random numbers")
    expect(page.locator("thead").first).to_contain_text(
        "A: A small town: How much agencies count one another's records 0.9"
    )
    fits(page)
    page.locator(".charts summary").first.click()
    expect(page.locator(".charts tbody").first.locator("tr")).to_have_count(4)
    accessible(page)
    page.locator(".charts summary").first.click()
    shot(page, "compare")
    page.select_option("#group", "migrant")
    page.click("text=Show")
    page.wait_for_url("**group=migrant**")
    expect(page.locator("table").first.locator("tbody tr").nth(2)).to_be_visible()


def made(page: Page) -> None:
    """Has the page made that is open, and waits until it is shown; it is one of its own, without our files."""
    expect(page.locator(".written .state")).to_have_text("It has not been created yet.")
    fits(page)
    page.click('[data-do="begin"]')
    expect(page.locator("#content")).to_have_count(0)


def test_claims_map_lives_and_evidence_of_a_run(context: BrowserContext) -> None:
    page = opened(context, "/workbench?scenario=town&lists.integration=0.9")
    expect(page.locator("#faults")).to_contain_text("Valid")
    page.click('[data-do="run"]')
    page.wait_for_url("**/runs/*")
    expect(page.locator(".state")).to_have_text("Finished.")
    run = page.url
    page.click("text=Figures, map and claims")
    expect(page.locator("h1")).to_have_text("Figures, map and claims")
    expect(page.locator(".map svg path").nth(4)).to_be_attached()
    page.locator("summary", has_text="other scenarios").scroll_into_view_if_needed()
    expect(page.locator("table.claims").last).to_contain_text("Complaints about the same problem fall silent.")
    page.select_option("#mapped", "governance")
    page.click("text=Show the map")
    page.wait_for_url("**map=governance**")
    expect(page.locator(".map figcaption")).to_contain_text("Problems solved within 12 weeks")
    fits(page)
    if SHOTS:
        page.locator(".map").screenshot(path=Path(SHOTS) / "map.png")
    for what, name in (("Life courses in both arms", "lives"), ("Evidence sheet", "evidence")):
        page.goto(run)
        page.click(f"text={what}")
        expect(page.locator("h1")).to_have_text(what)
        made(page)
        expect(page.locator("main")).to_contain_text("exist" if name == "lives" else "No verdict.")
        shot(page, name)


def test_the_instruments_have_a_page_of_their_own_and_their_forms_are_accessible(context: BrowserContext) -> None:
    page = opened(context, "/instruments")
    fits(page)
    shot(page, "instruments")
    page.locator('a[href="/instruments/audit"]').first.click()
    page.wait_for_url("**/instruments/audit")
    expect(page.locator("form").first).to_be_visible()
    fits(page)
    shot(page, "instrument-audit")


def test_a_lesson_takes_a_guess_without_a_server(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "lesson.html"
    write_lesson(lessons()[0], file)
    with browser.new_context(viewport={"width": 1280, "height": 900}, offline=True) as alone:
        page = alone.new_page()
        page.on("pageerror", lambda error: pytest.fail(f"error: {error}"))
        page.goto(file.as_uri())
        fits(page)
        shot(page, "lesson")
        page.locator("#guess").focus()
        before = page.locator("#guessed").inner_text()
        page.keyboard.press("ArrowRight")
        expect(page.locator("#guessed")).not_to_have_text(before)


def _entered(folder: Path, name: str) -> bool:
    try:
        with StudyDatabase.open(folder / "studies.db", read_only=True) as database:
            return name in [study.name for study in database.studies()]
    except StoringError:
        return False


def test_a_study_is_followed_while_others_work_on_it_and_then_read(context: BrowserContext, served: Serving) -> None:
    words = ["study", "run", "town", "--runs", "24", "--replicates", "2", "--design", "latin-hypercube", "--quiet"]
    words += ["--set", "run.weeks=120", "--workers", "1", "--folder", str(served.folder / "studies")]
    working = subprocess.Popen([sys.executable, "-m", "glasshouse", *words])
    try:
        waiting.until(lambda: _entered(served.folder / "studies", "town"), process=working)
        page = opened(context, "/studies")
        expect(page.locator("h1")).to_have_text("Studies")
        page.get_by_text("over A small town").click()
        page.wait_for_url("**/studies/town")
        expect(page.locator(".state")).to_contain_text(re.compile(r"[1-9]\d* of 24 runs"))
        # With the first run that is done the page opens itself anew, and then has this link.
        expect(page.get_by_text("What the study found")).to_be_visible()
        accessible(page)
        expect(page.locator(".state")).to_have_text("All 24 runs are done.")
    finally:
        working.wait()
    expect(page.locator(".verdict")).to_contain_text(
        re.compile("Of (12 points|the points that have a value, 12 at most), the regime")
    )
    fits(page)
    shot(page, "study")
    page.click("text=What the study found")
    made(page)
    expect(page.locator("nav")).to_contain_text("Where harm is large")
    shot(page, "results")
    page.goto("/studies")
    fits(page)
    shot(page, "studies")


def test_a_study_is_found_again_when_its_server_comes_back_before_its_database(
    browser: Browser, tmp_path: Path
) -> None:
    """A browser that is refused once asks no more by itself."""
    words = ["study", "run", "town", "--runs", "4", "--set", "run.weeks=60", "--set", "society.citizens=200", "--quiet"]
    words += ["--design", "latin-hypercube", "--workers", "1", "--folder", str(tmp_path / "studies")]
    subprocess.run([sys.executable, "-m", "glasshouse", *words], check=True)
    with StudyDatabase.open(tmp_path / "studies" / "studies.db") as database:
        record = database.study("town")
        runs = [Run(number, 0, number, 1) for number in range(4, 6)]
        database.extend(record, database.points(record)[:1], runs)
    first = Serving(tmp_path)
    context = first.context(browser)
    page = context.new_page()
    page.goto("/studies/town")
    expect(page.locator(".state")).to_contain_text("4 of 6 runs")
    first.kill()
    (tmp_path / "studies").rename(tmp_path / "away")
    expect(page.locator(".state")).to_contain_text("connection to the server is lost")
    with page.expect_response(lambda answer: answer.url.endswith("/events")) as refused:
        second = Serving(tmp_path, first.port)
    assert refused.value.status == 404
    (tmp_path / "away").rename(tmp_path / "studies")
    expect(page.locator(".state")).to_contain_text("4 of 6 runs")
    second.kill()
    context.close()


def test_a_run_is_stopped(context: BrowserContext) -> None:
    page = opened(context, "/workbench?scenario=town&society.citizens=5000&run.weeks=2000")
    expect(page.locator("#faults")).to_contain_text("5,000")
    page.click('[data-do="run"]')
    page.wait_for_url("**/runs/*")
    expect(page.locator(".state")).to_contain_text("week")
    page.click('[data-do="cancel"]')
    expect(page.locator(".state")).to_contain_text("You stopped the run")
    expect(page.locator('[data-do="resume"]')).to_be_visible()


def test_a_server_that_dies_is_reported_and_the_page_continues_when_it_is_back(
    browser: Browser, tmp_path: Path
) -> None:
    first = Serving(tmp_path)
    context = first.context(browser)
    page = context.new_page()
    page.goto("/workbench?scenario=town&society.citizens=3000&run.weeks=600")
    expect(page.locator("#faults")).to_contain_text("3,000")
    page.click('[data-do="run"]')
    page.wait_for_url("**/runs/*")
    expect(page.locator(".state")).to_contain_text("week")
    first.kill()
    expect(page.locator(".state")).to_contain_text("connection to the server is lost")
    second = Serving(tmp_path, first.port)
    expect(page.locator(".state")).to_contain_text(re.compile("week|done"))
    expect(page.locator(".state")).to_have_text("Finished.")
    second.kill()
    context.close()
