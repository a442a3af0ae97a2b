// Comfort for all pages. Every page works without it; nothing here writes HTML (Trusted Types).
// The scripts do not import each other: each has its own address that changes with its content.

const typing = "input, textarea, select, [contenteditable]";

function focusSearch(event) {
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
  if (event.key !== "/" || !plain || event.target.closest?.(typing)) return;
  const search = document.querySelector("[data-search]");
  if (!search) return;
  event.preventDefault();
  search.focus();
  search.select();
}

function closeMenus(event) {
  for (const menu of document.querySelectorAll("details[data-closes][open]")) {
    const escaped = event.key === "Escape";
    if (!escaped && menu.contains(event.target)) continue;
    menu.open = false;
    if (escaped) menu.querySelector("summary").focus();
  }
}

// A second click on the way sends nothing. The first one is never held up, and a page that
// stays (a download, the way back) takes clicks again.
function submitOnce(event) {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.hasAttribute("data-sending")) {
    event.preventDefault();
    return;
  }
  form.setAttribute("data-sending", "");
  event.submitter?.setAttribute("aria-busy", "true");
  setTimeout(() => allowAgain(form), 8000);
}

function allowAgain(form) {
  form.removeAttribute("data-sending");
  for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
}

async function copy(button) {
  await navigator.clipboard.writeText(button.dataset.copy);
  button.setAttribute("data-done", "");
  announce(button.dataset.copied);
  setTimeout(() => button.removeAttribute("data-done"), 2000);
}

function announce(text) {
  const region = document.querySelector("[data-messages]");
  if (!region) return;
  const line = document.createElement("p");
  line.className = "kern-sr-only";
  line.textContent = text;
  region.append(line);
  setTimeout(() => line.remove(), 4000);
}

function countSelected(event) {
  if (!event.target.matches?.("[data-selects]")) return;
  const form = event.target.form;
  const shown = form?.querySelector("[data-selected]");
  const number = form?.querySelectorAll("[data-selects]:checked").length;
  if (shown) shown.textContent = shown.dataset.selected.replace("%(n)s", String(number));
}

function start() {
  (document.querySelector("[data-autofocus]") ?? document.querySelector("[autofocus]"))?.focus();
  for (const button of document.querySelectorAll("[data-copy]")) button.hidden = !navigator.clipboard;
  for (const fold of document.querySelectorAll("details:has([aria-invalid])")) fold.open = true;
  for (const here of document.querySelectorAll(":is(.app-nav, .app-tabs, .app-views, .app-household) [aria-current]")) {
    const bar = here.closest("ul");
    bar.scrollLeft += here.getBoundingClientRect().left - bar.getBoundingClientRect().left - bar.clientWidth / 3;
  }
  document.querySelector("form[data-auto-submit]")?.requestSubmit();
}

document.addEventListener("keydown", focusSearch);
document.addEventListener("keydown", (event) => event.key === "Escape" && closeMenus(event));
document.addEventListener("click", closeMenus);
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (button) copy(button);
});
document.addEventListener("submit", submitOnce);
document.addEventListener("change", countSelected);
addEventListener("pageshow", (event) => event.persisted && document.querySelectorAll("[data-sending]").forEach(allowAgain));
start();
