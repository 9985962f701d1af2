// A page that is being made: asks how it stands, and shows it when it is done.

const article = document.querySelector(".written");
const state = article.querySelector(".state");
const bar = article.querySelector("progress");
const EVERY = 1000;

function show(now) {
  state.textContent = (state.dataset[now.state] ?? "").replace("{said}", now.said);
  bar.hidden = now.state !== "running";
  article.querySelector('[data-do="begin"]').hidden = ["running", "finished"].includes(now.state);
  article.querySelector('[data-do="cancel"]').hidden = now.state !== "running";
}

async function look() {
  try {
    const address = new URL(window.location.href);
    address.searchParams.set("state", "1");
    const now = await (await fetch(address, { headers: { Accept: "application/json" } })).json();
    show(now);
    if (now.state === "finished") window.location.reload();
    if (now.state === "running") setTimeout(look, EVERY);
  } catch {
    state.textContent = state.dataset.lost;
    setTimeout(look, EVERY);
  }
}

async function ask(what) {
  const answer = await fetch(window.location.href, {
    method: "POST",
    headers: { Accept: "application/json", "Content-Type": "application/json" },
    body: JSON.stringify({ do: what }),
  });
  if (!answer.ok) state.textContent = (await answer.json()).error;
  else setTimeout(look, EVERY / 5);
}

for (const what of ["begin", "cancel"]) {
  article.querySelector(`[data-do="${what}"]`).addEventListener("click", () => ask(what));
}
show({ state: article.dataset.state, said: state.dataset.said });
if (article.dataset.state === "running") look();
