"""The page: first paint, weight, frames, a live run, and thirty readers at once.

Needs Chromium (Debian: chromium). Run on a quiet machine: .venv/bin/python benchmarks/page.py
"""

import argparse
import http.client
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from glasshouse.web.server import gate

TUTORIAL = ("/tutorial/wrong-match", "/tutorial/silence", "/workbench?scenario=town")
ANIMATION = "/tutorial/wrong-match/animation?mismatch=0.0005"

LIVE = 'extends = "social-governance"\ntitle = "Live"\n[society]\ncitizens = 100_000\n[run]\nreplicates = 1\n'

DRAWN = """
async () => {
  const { Canvas, Town } = await import("/static/town.js");
  const people = 2000, weeks = 100;
  const states = new Uint8Array(2 * weeks * people).map((_, n) => (n * 2654435761) >>> 24);
  const code = (bytes) => btoa(Array.from(bytes, (one) => String.fromCharCode(one)).join(""));
  const town = new Town({
    weeks, people, since: 0, so_far: {}, states: code(states), adults: Array.from({ length: people }, (_, n) => n),
    households: Array.from({ length: people }, (_, n) => n), districts: Array(20).fill(100),
  });
  const canvases = [...document.querySelectorAll("canvas")].map((element) => new Canvas(element));
  let frames = 0;
  const begun = performance.now();
  while (performance.now() - begun < 3000) {
    for (const canvas of canvases) canvas.draw(town, frames % weeks, 5);
    frames += 1;
    await new Promise(requestAnimationFrame);
  }
  return (1000 * frames) / (performance.now() - begun);
}
"""


@dataclass(frozen=True)
class Served:
    """A page of its own process, its port, and the cookie that lets a reader in."""

    process: subprocess.Popen[str]
    port: int
    cookie: dict[str, str]

    @property
    def address(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"


def served(folder: Path) -> Served:
    """A page of its own process."""
    command = [sys.executable, "-m", "glasshouse", "web", "--port", "0", "--folder", str(folder)]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    assert process.stdout is not None
    found = re.search(r":(\d+)/\?token=(\w+)", process.stdout.readline())
    assert found is not None
    port, token = int(found[1]), found[2]
    return Served(process, port, {gate("127.0.0.1", port).cookie: token})


def cookies(server: Served) -> str:
    """The header that lets a reader in."""
    return "; ".join(f"{name}={value}" for name, value in server.cookie.items())


def get(server: Served, address: str) -> int:
    """Bytes of an answer as they travel; raises if it is none."""
    link = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    link.request("GET", address, headers={"Accept-Encoding": "gzip", "Cookie": cookies(server)})
    answer = link.getresponse()
    body = answer.read()
    link.close()
    if answer.status != 200:
        raise RuntimeError(f"{address}: {answer.status}")
    return len(body)


def entered(browser: Browser, server: Served) -> Page:
    """A page in a browser that was let in."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_cookies(
        [{"name": name, "value": value, "url": server.address} for name, value in server.cookie.items()]
    )
    return context.new_page()


def seen(browser: Browser, server: Served) -> None:
    """First paint and weight of a step, and frames a second of a town of 2,000 in both arms."""
    paints, weights = [], []
    for _ in range(5):
        page = entered(browser, server)
        weight = [0]
        page.on("response", lambda answer, weight=weight: weight.__setitem__(0, weight[0] + len(answer.body())))  # type: ignore[misc]
        page.goto(f"{server.address}/tutorial/wrong-match", wait_until="networkidle")
        paints.append(page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime"))
        weights.append(weight[0])
        page.context.close()
    page = entered(browser, server)
    page.goto(f"{server.address}/tutorial/wrong-match", wait_until="networkidle")
    frames = page.evaluate(DRAWN)
    page.context.close()
    print(f"first paint, ms: median {statistics.median(paints):.0f}, worst of five {max(paints):.0f}")
    print(f"weight of a step with its town, kB, before compression: {max(weights) / 1e3:.0f}")
    print(f"frames a second, 2,000 people in both arms: {frames:.0f}")


def readers(server: Served, count: int, seconds: float) -> None:
    """Many readers at once, each asking for a page, then an animation, again and again."""
    times: list[float] = []
    errors: list[str] = []
    end = time.monotonic() + seconds

    def read() -> None:
        while time.monotonic() < end:
            for address in (*TUTORIAL, ANIMATION):
                begun = time.perf_counter()
                try:
                    get(server, address)
                except Exception as error:
                    errors.append(str(error))
                if address != ANIMATION:
                    times.append(1000 * (time.perf_counter() - begun))
            time.sleep(0.5)

    everyone = [threading.Thread(target=read) for _ in range(count)]
    for one in everyone:
        one.start()
    for one in everyone:
        one.join()
    ranked = sorted(times)
    p95 = ranked[int(0.95 * len(ranked))]
    print(
        f"{count} readers: {len(times):,} pages, {len(errors)} errors, median {statistics.median(times):.0f} ms, p95 {p95:.0f} ms"
    )


def live(server: Served) -> None:
    """Weeks a second of 100,000 citizens in two arms, as the page is told them."""
    link = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    body, headers = json.dumps({"toml": LIVE}), {"Origin": server.address, "Cookie": cookies(server)}
    link.request("POST", "/runs", body, {**headers, "Content-Type": "application/json"})
    address = json.loads(link.getresponse().read())["address"]
    link.request("GET", f"{address}/events", headers=headers)
    stream = link.getresponse()
    moments: list[tuple[float, int]] = []
    while not moments or moments[-1][1] < 600:
        line = stream.readline().decode()
        if line.startswith("data: ["):
            told: list[dict[str, Any]] = json.loads(line[6:])
            moments += [(time.monotonic(), one["week"]) for one in told if one.get("stage") == "run"]
    (begun, first), (ended, last) = moments[0], moments[-1]
    print(f"100,000 citizens live, two arms: {(last - first) / (ended - begun):.0f} weeks a second")


def main() -> None:
    """Measures all of it, one after the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readers", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=30.0)
    given = parser.parse_args()
    chromium = os.environ.get("GLASSHOUSE_CHROMIUM") or shutil.which("chromium")
    with tempfile.TemporaryDirectory() as folder:
        server = served(Path(folder))
        try:
            get(server, ANIMATION)
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
                seen(browser, server)
                browser.close()
            readers(server, given.readers, given.seconds)
            live(server)
        finally:
            server.process.kill()


if __name__ == "__main__":
    main()
