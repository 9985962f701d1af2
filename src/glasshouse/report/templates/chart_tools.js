// What a reader takes along from a chart: its picture as SVG or PNG, its figures as CSV, and the sentence to cite.
for (const tools of document.querySelectorAll(".tools")) {
  const figure = tools.closest("figure");
  const title = figure.querySelector("h3").textContent;

  // The chart in its light colours with its title above, as a file of its own.
  function picture() {
    const chart = figure.querySelector("svg").cloneNode(true);
    const [, , width, height] = chart.getAttribute("viewBox").split(" ").map(Number);
    const most = Math.floor(width / 8.6), lines = [""];
    for (const word of title.split(" ")) {
      if (lines.at(-1).length + word.length > most) lines.push("");
      lines.push(`${lines.pop()} ${word}`.trim());
    }
    const top = 12 + 17 * lines.length, whole = [width + 24, height + top + 20];
    for (const [name, value] of Object.entries({ x: 12, y: top + 8, width, height })) chart.setAttribute(name, value);
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", `0 0 ${whole.join(" ")}`);
    svg.setAttribute("width", whole[0]);
    svg.setAttribute("height", whole[1]);
    const add = (name, given, text = "") => {
      const part = document.createElementNS(svg.namespaceURI, name);
      for (const [key, value] of Object.entries(given)) part.setAttribute(key, value);
      part.textContent = text;
      svg.append(part);
    };
    add("rect", { width: "100%", height: "100%", fill: "white" });
    const look = { "font-family": "system-ui, sans-serif", "font-size": 13, "font-weight": "bold", fill: "#1c1c1a" };
    lines.forEach((line, place) => add("text", { x: 12, y: 24 + 17 * place, ...look }, line));
    svg.append(chart);
    return { text: new XMLSerializer().serializeToString(svg), whole };
  }

  function save(address, ending) {
    const link = document.createElement("a");
    link.href = address;
    link.download = `${tools.dataset.name}.${ending}`;
    link.click();
  }

  const address = (text, kind) => `data:${kind};charset=utf-8,${encodeURIComponent(text)}`;
  const savers = {
    csv: () => save(address(tools.dataset.csv, "text/csv"), "csv"),
    svg: () => save(address(picture().text, "image/svg+xml"), "svg"),
    png: () => {
      const { text, whole } = picture(), image = new Image(), canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = whole.map((side) => 3 * side);
      image.addEventListener("load", () => {
        canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
        save(canvas.toDataURL("image/png"), "png");
      });
      image.src = address(text, "image/svg+xml");
    },
  };
  for (const button of tools.querySelectorAll("[data-save]")) {
    button.hidden = false;
    button.addEventListener("click", savers[button.dataset.save]);
  }
  const copy = tools.querySelector("[data-copy]");
  copy.hidden = false;
  copy.addEventListener("click", () => {
    const range = document.createRange(), selection = window.getSelection();
    range.selectNode(copy.parentElement.firstChild);
    selection.removeAllRanges();
    selection.addRange(range);
    // The clipboard's newer interface is closed to a page that the web interface shows in a sandbox.
    if (document.execCommand("copy")) copy.textContent = copy.dataset.copy;
  });
}
