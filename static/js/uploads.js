// Sends the chosen files one after the other and shows how far each is. Without it the form sends them all at once.

const box = document.querySelector("[data-uploads]");
const form = box?.closest("form");
const list = box?.querySelector("ul");
const LARGEST = 50 * 1024 * 1024;

function chosen() {
  return [...form.querySelectorAll('input[type="file"]')].flatMap((input) => [...input.files]);
}

function show(file) {
  const item = document.createElement("li");
  item.className = "app-upload__item";
  const name = document.createElement("bdi");
  name.textContent = file.name;
  const bar = document.createElement("progress");
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute("aria-label", file.name);
  const state = document.createElement("span");
  state.className = "app-sub";
  state.textContent = box.dataset.waiting;
  item.append(name, bar, state);
  list.append(item);
  return { bar, state };
}

function fields(file) {
  const data = new FormData();
  for (const [name, value] of new FormData(form)) if (!(value instanceof File)) data.append(name, value);
  data.set("form_id", crypto.randomUUID());
  data.append("files", file, file.name);
  return data;
}

function send(file, row) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) row.bar.value = event.loaded / event.total;
    });
    request.addEventListener("load", () => resolve(said(request)));
    request.addEventListener("error", () => resolve(box.dataset.offline));
    request.send(fields(file));
  });
}

// What went wrong, "" for nothing.
function said(request) {
  if (request.status === 200) return "";
  if (request.status === 401 || request.status === 403) return box.dataset.signedOut;
  return request.response?.refused?.join(" ") || box.dataset.offline;
}

async function sendAll(event) {
  const files = chosen();
  // Nothing chosen: the page itself says so. Not a safe context: the plain form.
  if (!files.length || !crypto.randomUUID) return;
  event.preventDefault();
  const button = form.querySelector('button[type="submit"]:not([tabindex])');
  button.disabled = true;
  list.replaceChildren();
  list.hidden = false;
  let failed = 0;
  for (const [file, row] of files.map((file) => [file, show(file)])) {
    const problem = file.size > LARGEST ? box.dataset.large : await send(file, row);
    row.bar.hidden = Boolean(problem);
    row.bar.value = 1;
    row.state.textContent = problem || box.dataset.done;
    row.state.className = problem ? "app-hint app-hint--danger" : "app-sub";
    failed += Boolean(problem);
  }
  if (!failed) return location.assign(box.dataset.next);
  button.disabled = false;
  for (const input of form.querySelectorAll('input[type="file"]')) input.value = "";
}

form?.addEventListener("submit", sendAll);
