// Rows of a grid come and go without a reload. Without this script the same buttons post the form.
const NUMBERED = ["id", "name", "for", "value", "aria-describedby"];

function rowsOf(grid) {
  return [...grid.querySelectorAll("[data-row]")];
}

// members-3-name becomes members-1-name; the button's value members-3 becomes members-1.
function renumber(grid) {
  const prefix = grid.dataset.grid;
  const number = new RegExp(`(^| )${prefix}-\\d+`, "g");
  rowsOf(grid).forEach((row, index) => {
    const label = `${row.dataset.rowLabel} ${index + 1}`;
    row.setAttribute("aria-label", label);
    for (const element of row.querySelectorAll("*")) {
      for (const name of NUMBERED) {
        if (name === "value" && !element.matches("[data-remove]")) continue;
        const value = element.getAttribute(name);
        if (value) element.setAttribute(name, value.replace(number, `$1${prefix}-${index}`));
      }
    }
    const text = row.querySelector("[data-remove] .kern-sr-only");
    if (text) text.textContent = text.textContent.replace(/^.*?\d+/, label);
  });
  const add = grid.querySelector("[data-add]");
  if (add && grid.dataset.most) add.hidden = rowsOf(grid).length >= Number(grid.dataset.most);
}

function empty(row) {
  for (const control of row.querySelectorAll("input, select, textarea")) {
    if (control.type === "checkbox" || control.type === "radio") control.checked = control.defaultChecked = false;
    else if (control.tagName === "SELECT") control.selectedIndex = 0;
    else control.value = control.defaultValue = "";
    control.removeAttribute("aria-invalid");
    control.classList.remove("kern-form-input__input--error", "kern-form-input__select--error");
  }
  for (const error of row.querySelectorAll(".kern-error")) error.remove();
  for (const field of row.querySelectorAll(".kern-form-input--error")) field.classList.remove("kern-form-input--error");
}

function add(grid) {
  const rows = rowsOf(grid);
  const row = rows.at(-1).cloneNode(true);
  empty(row);
  rows.at(-1).after(row);
  renumber(grid);
  row.querySelector("input:not([type=hidden]), select, textarea")?.focus();
}

function remove(grid, row) {
  if (rowsOf(grid).length === 1) empty(row);
  else row.remove();
  renumber(grid);
  grid.dispatchEvent(new Event("input", { bubbles: true }));
  grid.focus();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-add], [data-remove]");
  const grid = button?.closest("[data-grid]");
  if (!grid) return;
  event.preventDefault();
  if (button.matches("[data-add]")) add(grid);
  else remove(grid, button.closest("[data-row]"));
});
