// One step of the story: the reader sets handles and guesses, the town is played, and the count is compared with the guess.

import { Canvas, Town } from "./town.js";

const article = document.querySelector(".story");
const find = (selector) => article.querySelector(selector);
const canvases = [...article.querySelectorAll("canvas")].map((element) => new Canvas(element));
const handles = [...article.querySelectorAll(".handle input")];
const week = find('input[name="week"]');
const words = find("[data-tell]").dataset;
const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
const number = new Intl.NumberFormat(document.documentElement.lang);

// A step saved as a file carries its towns: the handles then move in steps, to those that were made.
const carried = document.querySelector("#films") ? JSON.parse(document.querySelector("#films").textContent) : null;

async function unpacked(text) {
  const stream = new Blob([Uint8Array.from(atob(text), (one) => one.charCodeAt(0))]).stream();
  return new Response(stream.pipeThrough(new DecompressionStream("gzip"))).json();
}

function snap(handle) {
  const steps = carried?.handles[handle.name];
  if (!steps) return;
  const near = (value) => Math.abs(value - Number(handle.value));
  handle.value = steps.reduce((best, value) => (near(value) < near(best) ? value : best));
}

async function film() {
  if (carried) {
    const key = Object.entries(carried.handles)
      .map(([name, steps]) => steps.map(Number).indexOf(Number(handles.find((one) => one.name === name).value)))
      .join("-");
    return unpacked(carried.films[key]);
  }
  const answer = await fetch(`/story/${article.dataset.slug}/film?${address.searchParams}`, { headers: { Accept: "application/json" } });
  const told = await answer.json();
  return answer.ok ? told : { error: told.error };
}

let town = null, followed = -1, playing = false, wanted = false, guess = null, asked = 0, last = 0, shown = false;

// ------------------------------------------------------------------------------------------- what the address holds

const address = new URL(window.location.href);
for (const handle of handles) if (address.searchParams.has(handle.name)) handle.value = address.searchParams.get(handle.name);

function tellAddress() {
  if (carried) return;
  for (const handle of handles) address.searchParams.set(handle.name, handle.value);
  window.history.replaceState(null, "", address);
  const settings = find("a.scenario");
  settings.href = `/workbench?scenario=town&story=${article.dataset.slug}&${address.searchParams}`;
}

function tellHandle(handle) {
  const value = Number(handle.value), percent = handle.dataset.percent === "yes";
  const text = percent ? new Intl.NumberFormat(document.documentElement.lang, { style: "percent" }).format(value) : number.format(value);
  handle.parentElement.querySelector("output").value = text;
  handle.setAttribute("aria-valuetext", text);
}

// -------------------------------------------------------------------------------------------------------- the town

async function make() {
  tellAddress();
  const mine = (asked += 1);
  find(".said").textContent = words.making;
  try {
    const told = await film();
    if (mine !== asked) return;
    find(".failed").hidden = !told.error;
    if (told.error) {
      find(".failed").textContent = told.error;
      return;
    }
    town = new Town(told);
    followed = article.dataset.follows ? town.telling() : -1;
    week.max = town.weeks - 1;
    find(".said").textContent = "";
    show(shown ? town.weeks - 1 : Math.min(Number(week.value), town.weeks - 1));
    if (wanted) play();
  } catch {
    if (mine !== asked) return;
    find(".failed").textContent = find(".failed").dataset.lost;
    find(".failed").hidden = false;
    window.setTimeout(() => mine === asked && make(), 2000);
  }
}

function show(at) {
  week.value = at;
  week.parentElement.querySelector("output").value = number.format(at);
  for (const canvas of canvases) canvas.draw(town, at, followed);
  for (const row of article.querySelectorAll("tr[data-fact]")) tellRow(row, at);
  if (at === town.weeks - 1) end();
}

function tellRow(row, at) {
  const fact = row.dataset.fact, cells = row.querySelectorAll("td");
  const most = Math.max(1, ...town.soFar[fact].map((course) => course[town.weeks - 1]), ...town.soFar[fact].map((course) => Math.max(...course)));
  for (const world of [0, 1]) {
    cells[world].textContent = number.format(town.count(fact, world, at));
    const line = row.querySelectorAll("polyline")[world];
    const points = [];
    for (let w = town.since; w <= at; w += 1) {
      points.push(`${(120 * (w - town.since)) / (town.weeks - 1 - town.since)},${27 - (26 * town.count(fact, world, w)) / most}`);
    }
    line.setAttribute("points", points.join(" "));
  }
}

function end() {
  pause();
  shown = true;
  find(".after").hidden = false;
  const fact = article.dataset.asked, verdict = find(".verdict");
  const [without, count] = [0, 1].map((world) => town.count(fact, world, town.weeks - 1));
  const kind = guess === null ? "plain" : count > guess ? "over" : count < guess ? "under" : "right";
  const fill = (text, given) => text.replace("{guess}", number.format(guess ?? 0)).replace("{count}", number.format(given));
  verdict.textContent = `${fill(verdict.dataset[kind], count)} ${fill(verdict.dataset.without, without)}`;
  find(".said").textContent = words.tell
    .replace("{week}", number.format(town.weeks - 1))
    .replace("{with}", number.format(count))
    .replace("{without}", number.format(without));
}

// ------------------------------------------------------------------------------------------------------ the player

function frame(now) {
  if (!playing) return;
  const speed = Number(find('select[name="speed"]').value);
  if (now - last >= 1000 / speed) {
    last = now;
    show(Math.min(Number(week.value) + 1, town.weeks - 1));
  }
  if (playing) window.requestAnimationFrame(frame);
}

function play() {
  // Who plays before the town is there plays it as soon as it is.
  wanted = town === null;
  if (wanted) return;
  if (Number(week.value) >= town.weeks - 1) week.value = 0;
  // Who asked for less motion sees the end at once, and can step through the weeks.
  if (calm) {
    show(town.weeks - 1);
    return;
  }
  playing = true;
  tellPlaying();
  window.requestAnimationFrame(frame);
}

function pause() {
  playing = false;
  tellPlaying();
}

function tellPlaying() {
  const button = find('[data-do="play"]');
  button.textContent = playing ? button.dataset.pause : button.dataset.play;
}

// ------------------------------------------------------------------------------------------------------ the reader

find(".guess").addEventListener("submit", (event) => {
  event.preventDefault();
  guess = Number(find("#guess").value);
  week.value = 0;
  play();
});
find('[data-do="skip"]').addEventListener("click", () => {
  guess = null;
  week.value = 0;
  play();
});
find('[data-do="play"]').addEventListener("click", () => (playing ? pause() : play()));
find('[data-do="step"]').addEventListener("click", () => {
  pause();
  if (town !== null) show(Math.min(Number(week.value) + 1, town.weeks - 1));
});
find('[data-do="another"]')?.addEventListener("click", () => {
  address.searchParams.set("town", String(Number(address.searchParams.get("town") ?? 0) + 1));
  make();
});
week.addEventListener("input", () => {
  pause();
  if (town !== null) show(Number(week.value));
});
for (const handle of handles) {
  snap(handle);
  tellHandle(handle);
  handle.addEventListener("input", () => {
    snap(handle);
    for (const twin of handles) {
      if (twin.name === handle.name) {
        twin.value = handle.value;
        tellHandle(twin);
      }
    }
  });
  handle.addEventListener("change", make);
}
window.addEventListener("resize", () => town !== null && show(Number(week.value)));
window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => town !== null && show(Number(week.value)));
make();
