// A page that is being created: asks for its progress and shows it when it is finished.

const article = document.querySelector(".written");
const state = article.querySelector(".state");
const bar = article.querySelector("progress");
const EVERY = 1000;
let next = 0;

function show(now) {
  state.textContent = (state.dataset[now.state] ?? "").replace("{error}", () => now.error_message);
  bar.hidden = now.state !== "running";
  // Without a share the bar only says that somebody is at work.
  if (now.share > 0) bar.value = now.share;
  article.querySelector('[data-do="begin"]').hidden = ["running", "finished"].includes(now.state);
  article.querySelector('[data-do="cancel"]').hidden = now.state !== "running";
}

// One look at a time, however often a button is pressed.
function lookIn(milliseconds) {
  clearTimeout(next);
  next = setTimeout(look, milliseconds);
}

async function look() {
  try {
    const address = new URL(window.location.href);
    address.searchParams.set("state", "1");
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    const now = await answer.json();
    if (!answer.ok) {
      state.textContent = now.error;
      lookIn(EVERY);
      return;
    }
    show(now);
    if (now.state === "finished") window.location.reload();
    if (now.state === "running") lookIn(EVERY);
  } catch {
    state.textContent = state.dataset.lost;
    lookIn(EVERY);
  }
}

async function ask(what) {
  try {
    const answer = await fetch(window.location.href, {
      method: "POST",
      headers: { Accept: "application/json", "Content-Type": "application/json" },
      body: JSON.stringify({ do: what }),
    });
    if (answer.ok) lookIn(EVERY / 5);
    else state.textContent = (await answer.json()).error;
  } catch {
    state.textContent = state.dataset.lost;
    lookIn(EVERY);
  }
}

for (const what of ["begin", "cancel"]) {
  article.querySelector(`[data-do="${what}"]`).addEventListener("click", () => ask(what));
}
show({ state: article.dataset.state, error_message: state.dataset.errorMessage, share: Number(article.dataset.share) });
if (article.dataset.state === "running") look();
