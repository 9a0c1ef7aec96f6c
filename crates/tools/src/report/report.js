// Sorts a table by the column whose head is pressed, up first, then down.
for (const button of document.querySelectorAll("th button")) {
  button.addEventListener("click", () => {
    const head = button.parentElement;
    const body = head.closest("table").tBodies[0];
    const up = head.getAttribute("aria-sort") !== "ascending";
    for (const other of head.parentElement.children) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", up ? "ascending" : "descending");
    const by = (row) => row.cells[head.cellIndex].dataset.by ?? row.cells[head.cellIndex].textContent;
    const order = (a, b) =>
      head.classList.contains("n") ? Number(by(a)) - Number(by(b)) : by(a).localeCompare(by(b), undefined, { numeric: true });
    const rows = Array.from(body.rows).sort((a, b) => (up ? order(a, b) : order(b, a)));
    body.append(...rows);
  });
}
// Long tables show their first rows, as they are sorted, until somebody asks for all.
const folds = [];
for (const body of document.querySelectorAll("tbody")) {
  const [rows, shown] = [body.rows.length, 12];
  if (rows <= shown + 3) continue;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "more";
  const tell = (onPaper) => {
    const folded = body.classList.contains("folded");
    if (onPaper) button.textContent = folded ? `the first ${shown} of ${rows} rows` : "";
    else button.textContent = folded ? `Show all ${rows} rows` : "Show fewer rows";
  };
  button.addEventListener("click", () => {
    body.classList.toggle("folded");
    tell(false);
  });
  body.classList.add("folded");
  tell(false);
  folds.push(tell);
  body.closest(".wide").after(button);
}
// Paper cannot be opened.
addEventListener("afterprint", () => folds.forEach((tell) => tell(false)));
addEventListener("beforeprint", () => {
  folds.forEach((tell) => tell(true));
  for (const details of document.querySelectorAll("details:not(.every)")) details.open = true;
});
