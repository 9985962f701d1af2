// The workbench: a scenario as a form and as a file, both ways. The laboratory checks; the page only shows what it says.

const bench = document.querySelector(".bench");
const find = (selector) => bench.querySelector(selector);
const toml = find("#toml"), faults = find("#faults");
const fields = [...bench.querySelectorAll(".field input")];
const sliders = [...bench.querySelectorAll(".handle input")];
const number = new Intl.NumberFormat(document.documentElement.lang);
let asked = 0;

async function ask(address, given) {
  const answer = await fetch(address, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify(given),
  });
  return answer.json();
}

function say(text, wrong) {
  faults.textContent = text;
  faults.classList.toggle("wrong", wrong);
  find('[data-do="run"]').disabled = wrong;
}

async function check() {
  const mine = (asked += 1);
  try {
    const reply = await ask("/workbench/check", { toml: toml.value });
    if (mine !== asked) return;
    if (reply.error) {
      say(reply.error, true);
      return;
    }
    if (reply.faults.length) {
      say(reply.faults.join("\n"), true);
      return;
    }
    find(".about").textContent = reply.about;
    if (reply.address) {
      // The address holds the scenario, so that it can be kept and passed on.
      const language = new URL(window.location.href).searchParams.get("lang");
      window.history.replaceState(null, "", reply.address + (language ? `&lang=${language}` : ""));
    }
    for (const field of fields) {
      if (document.activeElement !== field) field.value = reply.settings[field.name] ?? "";
      const dated = field.parentElement.querySelector("[data-dated]");
      const sentence = ([week, value]) => dated.dataset.dated.replace("{week}", number.format(week)).replace("{value}", value);
      dated.textContent = (reply.dated[field.name] ?? []).map(sentence).join(" ");
      const lever = field.parentElement.querySelector("[data-lever]");
      const without = reply.reference[field.name];
      if (lever) lever.textContent = without === undefined ? "" : lever.dataset.lever.replace("{value}", without);
    }
    showHandles(reply);
    showChanges(reply);
    const count = (key) => number.format(Number(reply.settings[key]));
    const sound = faults.dataset.sound
      .replace("{citizens}", count("society.citizens"))
      .replace("{weeks}", count("run.weeks"))
      .replace("{replicates}", count("run.replicates"));
    say([sound, ...reply.notes].join("\n"), false);
  } catch {
    if (mine !== asked) return;
    say(faults.dataset.lost, true);
    window.setTimeout(() => mine === asked && check(), 2000);
  }
}

// A share is shown in per cent, anything else as the number that it is.
const figures = new Intl.NumberFormat(document.documentElement.lang, { maximumSignificantDigits: 3 });
const percent = new Intl.NumberFormat(document.documentElement.lang, { style: "percent", maximumSignificantDigits: 3 });
const spelled = (value, unit) => (unit.startsWith("share") ? percent : figures).format(value);

for (const slider of sliders) {
  // The plausible range as a band on the slider's track.
  const { min, max } = slider, [low, high] = slider.closest(".handle").dataset.prior.split(" ").map(Number);
  const place = (value) => `${(100 * Math.min(value - min, max - min)) / (max - min)}%`;
  slider.parentElement.style.setProperty("--low", place(low));
  slider.parentElement.style.setProperty("--high", place(high));
}

function showHandles({ settings, reference }) {
  for (const slider of sliders) {
    const value = Number(settings[slider.name]), handle = slider.closest(".handle");
    if (document.activeElement !== slider || slider.value === "") slider.value = value;
    handle.querySelector("output").textContent = spelled(value, slider.dataset.unit);
    const without = handle.querySelector(".without");
    without.textContent = without.dataset.without.replace("{value}", spelled(Number(reference[slider.name]), slider.dataset.unit));
  }
}

function showChanges({ changes, reference, minutes }) {
  const list = find(".changed ul"), takes = find(".takes");
  const inWords = (value, unit) => (Number.isNaN(Number(value)) || value === "" ? value || "–" : spelled(Number(value), unit));
  list.replaceChildren(...changes.map(({ key, label, unit, before, now }) => {
    const item = document.createElement("li"), undo = document.createElement("button");
    const said = list.dataset.change.replace("{label}", label).replace("{before}", inWords(before, unit)).replace("{now}", inWords(now, unit));
    const stays = reference[key] === undefined ? "" : `; ${list.dataset.stays.replace("{value}", inWords(reference[key], unit))}`;
    undo.type = "button";
    undo.className = "quiet";
    undo.textContent = list.dataset.undo;
    undo.addEventListener("click", () => set({ name: key, value: "" }));
    item.append(said + stays, " ", undo);
    return item;
  }));
  find(".nothing").hidden = changes.length > 0;
  takes.textContent = takes.dataset.takes.replace("{minutes}", number.format(minutes));
}

async function set(field) {
  try {
    const reply = await ask("/workbench/set", { toml: toml.value, key: field.name, value: field.value });
    if (reply.error) {
      say(reply.error, true);
      return;
    }
    toml.value = reply.toml;
    await check();
  } catch {
    say(faults.dataset.lost, true);
  }
}

async function run() {
  const reply = await ask("/runs", { toml: toml.value });
  if (reply.error) say(reply.error, false);
  else window.location.assign(reply.address);
}

function save() {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([toml.value], { type: "application/toml" }));
  link.download = "scenario.toml";
  link.click();
  URL.revokeObjectURL(link.href);
}

function search(text) {
  const wanted = text.trim().toLowerCase();
  for (const table of bench.querySelectorAll("details")) {
    let some = false;
    for (const field of table.querySelectorAll(".field")) {
      const fits = field.dataset.words.toLowerCase().includes(wanted);
      field.hidden = !fits;
      some ||= fits;
    }
    table.hidden = !some;
    table.open = wanted !== "" && some;
  }
}

let waiting = 0;
toml.addEventListener("input", () => {
  window.clearTimeout(waiting);
  waiting = window.setTimeout(check, 300);
});
for (const field of fields) field.addEventListener("change", () => set(field));
for (const slider of sliders) {
  slider.addEventListener("input", () => {
    slider.closest(".handle").querySelector("output").textContent = spelled(Number(slider.value), slider.dataset.unit);
  });
  slider.addEventListener("change", () => set(slider));
}
find('input[name="find"]').addEventListener("input", (event) => search(event.target.value));
find('[data-do="run"]').addEventListener("click", run);
find('[data-do="save"]').addEventListener("click", save);
check();
