// One study: how far it is, as the study database says, no matter who works at it; the page finds it again when the server was away.

const article = document.querySelector(".study");
const state = article.querySelector(".state");
const words = state.dataset;
const whole = new Intl.NumberFormat(document.documentElement.lang);
const short = new Intl.NumberFormat(document.documentElement.lang, { maximumSignificantDigits: 2 });
const opened = { done: Number(article.dataset.done), failed: Number(article.dataset.failed) };
const AGAIN = 3000;

function filled(text, now) {
  return text.replace(/\{(\w+)\}/g, (whole_, name) => (typeof now[name] === "number" ? whole.format(now[name]) : now[name] ?? whole_));
}

function long(seconds) {
  const [unit, size] = seconds < 120 ? ["seconds", 1] : seconds < 7200 ? ["minutes", 60] : ["hours", 3600];
  return words[unit].replace("{n}", whole.format(Math.ceil(seconds / size)));
}

function show(now) {
  article.querySelector("progress").value = now.done + now.failed;
  if (now.total > 0 && now.done === now.total) {
    state.textContent = filled(words.ended, now);
  } else if (now.total > 0 && now.done + now.failed === now.total) {
    state.textContent = filled(words.lacking, now);
  } else {
    const pace = now.rate ? words.pace.replace("{rate}", short.format(now.rate)).replace("{left}", long(now.left)) : "";
    const after = now.workers ? pace : words.idle.replace("{name}", () => words.name);
    state.textContent = `${filled(words.going, now)} ${after}`;
  }
}

function follow() {
  const source = new EventSource(article.dataset.events);
  source.addEventListener("message", (event) => {
    const now = JSON.parse(event.data);
    show(now);
    if (now.over_all) source.close();
    // What the page says beside the bar was written when it was opened.
    const changed = now.done !== opened.done || now.failed !== opened.failed;
    if ((now.over_all && changed) || (opened.done === 0 && now.done > 0)) window.location.reload();
  });
  source.addEventListener("lost", (event) => {
    state.textContent = JSON.parse(event.data).error_message;
  });
  source.addEventListener("error", () => {
    state.textContent = words.lost;
    // A browser looks again by itself when a connection breaks, and gives up when it is refused.
    if (source.readyState === EventSource.CLOSED) setTimeout(follow, AGAIN);
  });
}

follow();
