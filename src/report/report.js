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
// Paper cannot be opened.
addEventListener("beforeprint", () => {
  for (const details of document.querySelectorAll("details")) details.open = true;
});
