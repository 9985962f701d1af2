// One study: how far it is, as its catalogue says, whoever works at it; the page finds it again when the server was away.

const article = document.querySelector(".study");
const state = article.querySelector(".state");
const words = state.dataset;
const whole = new Intl.NumberFormat(document.documentElement.lang);
const short = new Intl.NumberFormat(document.documentElement.lang, { maximumSignificantDigits: 2 });
const begun = Number(article.dataset.done);

function filled(text, now) {
  return text.replace(/\{(\w+)\}/g, (whole_, name) => (typeof now[name] === "number" ? whole.format(now[name]) : now[name] ?? whole_));
}

function long(seconds) {
  const [unit, size] = seconds < 120 ? ["seconds", 1] : seconds < 7200 ? ["minutes", 60] : ["hours", 3600];
  return words[unit].replace("{n}", whole.format(Math.ceil(seconds / size)));
}

function show(now) {
  article.querySelector("progress").value = now.done + now.failed;
  if (now.done === now.total) {
    state.textContent = filled(words.ended, now);
  } else if (now.done + now.failed === now.total) {
    state.textContent = filled(words.lacking, now);
  } else {
    const pace = now.rate ? words.pace.replace("{rate}", short.format(now.rate)).replace("{left}", long(now.left)) : "";
    const after = now.workers ? pace : words.idle.replace("{name}", words.name);
    state.textContent = `${filled(words.going, now)} ${after}`;
  }
}

const source = new EventSource(article.dataset.events);
source.addEventListener("message", (event) => {
  const now = JSON.parse(event.data);
  show(now);
  const over = now.done + now.failed === now.total;
  if (over) source.close();
  // What the page says beside the bar was written when it was opened.
  if ((over && now.done !== begun) || (begun === 0 && now.done > 0)) window.location.reload();
});
source.addEventListener("error", () => {
  state.textContent = words.lost;
});
