// One run: what its process says is drawn as it comes, and the page finds the run again when the server was away.

import { expressionInterpreter } from "./vega/vega-interpreter.js";

const article = document.querySelector(".run");
const find = (selector) => article.querySelector(selector);
const facts = JSON.parse(article.dataset.facts);
const words = find(".state").dataset;
const whole = new Intl.NumberFormat(document.documentElement.lang);
const number = new Intl.NumberFormat(document.documentElement.lang, { maximumSignificantDigits: 3 });
const views = new Map();

for (const [name, spec] of Object.entries(facts.charts)) {
  const place = find(`[data-series="${name}"] .chart`);
  // The interpreter stands in for generated code, which the page's content policy forbids.
  const runtime = window.vega.parse(window.vegaLite.compile(spec).spec, null, { ast: true });
  const view = new window.vega.View(runtime, { expr: expressionInterpreter, renderer: "svg", container: place });
  view.runAsync();
  views.set(name, view);
}

const spell = (value) => (value === null ? "–" : number.format(value));

// A row a year and replicate, which shows the last message about it.
function tabulate(name, moment) {
  const both = moment.course[name];
  if (!both) return;
  const body = find(`[data-series="${name}"] tbody`);
  const year = Math.ceil((moment.week - facts.start) / facts.year) || 0;
  const key = `${moment.replicate}.${year}`;
  let row = body.querySelector(`[data-key="${key}"]`);
  if (!row) {
    row = body.insertRow();
    row.dataset.key = key;
    const head = row.appendChild(document.createElement("th"));
    head.scope = "row";
    head.textContent = facts.replicates > 1 ? `${whole.format(year)} (${moment.replicate + 1})` : whole.format(year);
    row.insertCell();
    row.insertCell();
  }
  both.forEach((mean, arm) => {
    row.cells[arm + 1].textContent = spell(mean);
  });
}

function draw(moments) {
  for (const [name, view] of views) {
    const rows = [];
    for (const moment of moments) {
      const both = moment.course[name];
      if (!both) continue;
      both.forEach((mean, arm) => {
        if (mean !== null) {
          rows.push({ year: (moment.week - facts.start) / facts.year, arm: facts.arms[arm], mean, replicate: moment.replicate });
        }
      });
    }
    if (!rows.length) continue;
    view.change("rows", window.vega.changeset().insert(rows)).runAsync();
    for (const moment of moments) tabulate(name, moment);
    const [without, with_] = moments.at(-1).course[name] ?? [null, null];
    const now = find(`[data-series="${name}"] .now`);
    now.textContent = now.dataset.now.replace("{without}", spell(without)).replace("{with}", spell(with_));
  }
}

function follow(events) {
  const moments = events.filter((one) => one.event === "progress");
  draw(moments.filter((one) => one.stage === "run" && Object.keys(one.course ?? {}).length));
  const last = moments.at(-1);
  if (last) {
    find("progress").value = last.share;
    find(".state").textContent = words[last.stage]
      .replace("{replicate}", last.replicate + 1)
      .replace("{replicates}", last.replicates)
      .replace("{week}", last.week)
      .replace("{weeks}", last.weeks);
  }
  const result = events.find((one) => one.event === "result");
  if (result) {
    find(".done").hidden = false;
    find(".done .verdict").textContent = [result.headline, result.certainty].filter(Boolean).join(" ");
  }
}

function tellState({ state, error_message }) {
  find('[data-do="cancel"]').hidden = state !== "running";
  find('[data-do="resume"]').hidden = !["cancelled", "stopped", "failed"].includes(state);
  if (state !== "running") find(".state").textContent = words[state].replace("{error}", () => error_message);
}

let source = null;

function listen() {
  source = new EventSource(`/runs/${article.dataset.name}/events`);
  source.addEventListener("message", (event) => follow(JSON.parse(event.data)));
  source.addEventListener("state", (event) => {
    const now = JSON.parse(event.data);
    tellState(now);
    if (now.state !== "running") source.close();
  });
  source.addEventListener("error", () => {
    find(".state").textContent = words.lost;
  });
}

async function ask(what) {
  const answer = await fetch(`/runs/${article.dataset.name}/${what}`, { method: "POST", headers: { Accept: "application/json" } });
  if (!answer.ok) find(".state").textContent = (await answer.json()).error;
  else if (what === "resume") window.location.reload();
}

for (const what of ["cancel", "resume"]) find(`[data-do="${what}"]`).addEventListener("click", () => ask(what));
listen();
