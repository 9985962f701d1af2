// The form of an instrument: sends what was asked, and opens the page of the answer.

const form = document.querySelector("form.ask");

// Several boxes of one name are one text, with blanks between the names.
function asked() {
  const found = {};
  for (const one of form.elements) {
    if (!one.name) continue;
    found[one.name] ??= "";
    if (one.type !== "checkbox") found[one.name] = one.value;
    else if (one.checked) found[one.name] = `${found[one.name]} ${one.value}`.trim();
  }
  return found;
}

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const faults = form.querySelector(".faults");
  const button = form.querySelector("button");
  button.disabled = true;
  try {
    const answer = await fetch(window.location.pathname, {
      method: "POST",
      headers: { Accept: "application/json", "Content-Type": "application/json" },
      body: JSON.stringify(asked()),
    });
    const told = await answer.json();
    if (answer.ok) {
      window.location.assign(told.address);
      return;
    }
    faults.textContent = told.error;
  } catch {
    faults.textContent = form.dataset.lost;
  }
  faults.classList.add("wrong");
  button.disabled = false;
});
