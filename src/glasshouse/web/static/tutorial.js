// One step of the tutorial: the reader sets sliders and guesses, the town is simulated, and the count is compared with the guess.

import { Canvas, Town } from "./town.js";

const article = document.querySelector(".tutorial");
const find = (selector) => article.querySelector(selector);
const canvases = [...article.querySelectorAll("canvas")].map((element) => new Canvas(element));
const sliders = [...article.querySelectorAll(".slider input")];
const week = find('input[name="week"]');
const words = find("[data-tell]").dataset;
const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
const number = new Intl.NumberFormat(document.documentElement.lang);

// A step saved as a file carries its towns: the sliders then move in steps, to those that were made.
const carried = document.querySelector("#animations") ? JSON.parse(document.querySelector("#animations").textContent) : null;

async function unpacked(text) {
  const stream = new Blob([Uint8Array.from(atob(text), (one) => one.charCodeAt(0))]).stream();
  return new Response(stream.pipeThrough(new DecompressionStream("gzip"))).json();
}

function snap(slider) {
  const steps = carried?.sliders[slider.name];
  if (!steps) return;
  const near = (value) => Math.abs(value - Number(slider.value));
  slider.value = steps.reduce((best, value) => (near(value) < near(best) ? value : best));
}

async function animation() {
  if (carried) {
    const key = Object.entries(carried.sliders)
      .map(([name, steps]) => steps.map(Number).indexOf(Number(sliders.find((one) => one.name === name).value)))
      .join("-");
    return unpacked(carried.animations[key]);
  }
  const answer = await fetch(`/tutorial/${article.dataset.slug}/animation?${address.searchParams}`, { headers: { Accept: "application/json" } });
  const reply = await answer.json();
  return answer.ok ? reply : { error: reply.error };
}

let town = null, followed = -1, playing = false, wanted = false, guess = null, asked = 0, last = 0, shown = false;

// ------------------------------------------------------------------------------------------- what the address holds

const address = new URL(window.location.href);
for (const slider of sliders) if (address.searchParams.has(slider.name)) slider.value = address.searchParams.get(slider.name);

function tellAddress() {
  if (carried) return;
  for (const slider of sliders) address.searchParams.set(slider.name, slider.value);
  window.history.replaceState(null, "", address);
  const settings = find("a.scenario");
  settings.href = `/workbench?scenario=town&tutorial=${article.dataset.slug}&${address.searchParams}`;
}

function showValue(slider) {
  const value = Number(slider.value), percent = slider.dataset.percent === "yes";
  const text = percent ? new Intl.NumberFormat(document.documentElement.lang, { style: "percent", maximumFractionDigits: 2 }).format(value) : number.format(value);
  slider.parentElement.querySelector("output").value = text;
  slider.setAttribute("aria-valuetext", text);
}

// -------------------------------------------------------------------------------------------------------- the town

async function make() {
  tellAddress();
  const mine = (asked += 1);
  find(".status").textContent = words.making;
  try {
    const reply = await animation();
    if (mine !== asked) return;
    find(".failed").hidden = !reply.error;
    if (reply.error) {
      find(".failed").textContent = reply.error;
      return;
    }
    town = new Town(reply);
    followed = article.dataset.follows ? town.telling() : -1;
    week.max = town.weeks - 1;
    find(".status").textContent = "";
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
  for (const arm of [0, 1]) {
    cells[arm].textContent = number.format(town.count(fact, arm, at));
    const line = row.querySelectorAll("polyline")[arm];
    const points = [];
    for (let w = town.since; w <= at; w += 1) {
      points.push(`${(120 * (w - town.since)) / (town.weeks - 1 - town.since)},${27 - (26 * town.count(fact, arm, w)) / most}`);
    }
    line.setAttribute("points", points.join(" "));
  }
}

function end() {
  pause();
  shown = true;
  find(".after").hidden = false;
  const fact = article.dataset.asked, verdict = find(".verdict");
  const [without, count] = [0, 1].map((arm) => town.count(fact, arm, town.weeks - 1));
  const kind = guess === null ? "plain" : count > guess ? "over" : count < guess ? "under" : "right";
  const fill = (text, given) => text.replace("{guess}", number.format(guess ?? 0)).replace("{count}", number.format(given));
  verdict.textContent = `${fill(verdict.dataset[kind], count)} ${fill(verdict.dataset.without, without)}`;
  find(".status").textContent = words.tell
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
for (const slider of sliders) {
  snap(slider);
  showValue(slider);
  slider.addEventListener("input", () => {
    snap(slider);
    for (const twin of sliders) {
      if (twin.name === slider.name) {
        twin.value = slider.value;
        showValue(twin);
      }
    }
  });
  slider.addEventListener("change", make);
}
window.addEventListener("resize", () => town !== null && show(Number(week.value)));
window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => town !== null && show(Number(week.value)));
make();
