// The scenario that fifteen answers made: run it, or save it as a file.

const toml = document.querySelector("#toml"), faults = document.querySelector(".faults[role=status]");

async function run() {
  try {
    const answer = await fetch("/runs", {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify({ toml: toml.value }),
    });
    const reply = await answer.json();
    if (reply.error) faults.textContent = reply.error;
    else window.location.assign(reply.address);
  } catch (error) {
    faults.textContent = String(error);
  }
}

function save() {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([toml.value], { type: "application/toml" }));
  link.download = "my-regime.toml";
  link.click();
  URL.revokeObjectURL(link.href);
}

document.querySelector('[data-do="run"]')?.addEventListener("click", run);
document.querySelector('[data-do="save"]')?.addEventListener("click", save);
