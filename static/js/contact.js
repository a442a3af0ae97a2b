// Comfort for the contact form. Without it the form works too: what is shown is what is saved.
const form = document.querySelector(".app-contact");

// ---- defaults of the kind: they fill only what the person has not touched ----
const touched = new Set();

function setRadio(name, value) {
  const option = form.querySelector(`input[name="${name}"][value="${CSS.escape(value)}"]`);
  for (const other of form.querySelectorAll(`input[name="${name}"]`)) other.checked = other === option;
}

function applyDefaults(kind) {
  const { minutes, language, interpreter } = kind.dataset;
  if (minutes && !touched.has("minutes")) {
    offerMinutes(minutes);
    setRadio("minutes", minutes);
  }
  const select = form.elements.language;
  if (select && !touched.has("language") && language) select.value = language;
  if (interpreter && !touched.has("interpreter")) setRadio("interpreter", interpreter);
}

// A length that this client usually has but no chip offers takes the place of the text field.
function offerMinutes(minutes) {
  const other = form.elements.minutes_other;
  if (!other) return;
  other.value = form.querySelector(`input[name="minutes"][value="${CSS.escape(minutes)}"]`) ? "" : minutes;
}

// ---- the line of values says what will be saved ----
function labelOf(name) {
  const chosen = form.querySelector(`input[name="${name}"]:checked`);
  return chosen?.nextElementSibling?.textContent.trim() ?? "";
}

const texts = {
  minutes: () => (form.elements.minutes_other?.value.trim() ? withUnit(form.elements.minutes_other.value.trim()) : labelOf("minutes")),
  language: () => form.elements.language?.selectedOptions[0]?.value && form.elements.language.selectedOptions[0].textContent,
  interpreter: () => labelOf("interpreter"),
  ags: () => form.elements.ags?.selectedOptions[0]?.value && form.elements.ags.selectedOptions[0].textContent,
  day: () => dayText(form.elements.on_day?.value.trim() ?? ""),
  present: () => {
    const names = [...form.querySelectorAll('input[name="participants"]:checked')].map((each) => each.nextElementSibling.textContent.trim());
    if (form.elements.others_present?.value.trim()) names.push(form.elements.others_present.value.trim());
    return names.length ? `+ ${names.join(", ")}` : "";
  },
};

function withUnit(text) {
  return /^\d+$/.test(text) ? `${text} min` : text;
}

function dayText(text) {
  return text === today ? todayWord : text;
}

const shown = Object.fromEntries([...(form?.querySelectorAll("[data-shown]") ?? [])].map((each) => [each.dataset.shown, each]));
const empty = Object.fromEntries(Object.entries(shown).map(([name, each]) => [name, each.textContent]));
const today = form?.elements.on_day?.defaultValue ?? "";
const todayWord = empty.day ?? "";

function tellLine() {
  for (const [name, place] of Object.entries(shown)) {
    const text = texts[name]?.();
    if (text) place.textContent = text;
    else if (place.dataset.empty) place.textContent = place.dataset.empty;
  }
}

// ---- topics: the first one tapped is the main one ----
function order() {
  const main = form.querySelector("[data-main-topic]");
  const chosen = [...form.querySelectorAll('[data-topics] input[type="checkbox"]:checked')];
  if (!main) return;
  if (!chosen.some((each) => each.value === main.value)) main.value = taps.find((value) => chosen.some((each) => each.value === value)) ?? chosen[0]?.value ?? "";
  for (const each of form.querySelectorAll('[data-topics] input[type="checkbox"]')) {
    each.parentElement.classList.toggle("app-chip-choice--main", chosen.length > 1 && each.value === main.value);
    each.nextElementSibling.dataset.main = each.closest("[data-topics]").dataset.mainWord;
  }
}
const taps = [];

function tapTopic(box) {
  const at = taps.indexOf(box.value);
  if (at >= 0) taps.splice(at, 1);
  if (box.checked) taps.push(box.value);
  const main = form.querySelector("[data-main-topic]");
  if (main && main.value === box.value && !box.checked) main.value = "";
}

function searchTopics(input) {
  const wanted = input.value.trim().toLowerCase();
  for (const box of form.querySelectorAll("[data-topics] [data-words]")) {
    const hidden = wanted !== "" && !box.checked && !box.dataset.words.includes(wanted);
    box.closest(".app-chip-choice").hidden = hidden;
  }
}

// ---- lines with @ become tasks: say so while they are typed ----
function propose() {
  const place = form.querySelector("[data-proposals]");
  const note = form.elements.note;
  if (!place || !note) return;
  place.dataset.hint ??= place.textContent;
  const lines = note.value.split("\n").map((line) => line.trim()).filter((line) => line.startsWith("@") && line.length > 2);
  place.textContent = lines.length ? `${place.dataset.one} ${lines.map((line) => line.replace(/^@\s*/, "")).join(" · ")}` : place.dataset.hint;
}

// ---- wiring ----
function changed(event) {
  const { name } = event.target;
  if (name === "kind") applyDefaults(event.target);
  else if (name === "minutes_other") touched.add("minutes");
  else if (name) touched.add(name);
  if (name === "minutes" && form.elements.minutes_other) form.elements.minutes_other.value = "";
  if (event.target.closest("[data-topics]") && event.target.type === "checkbox") tapTopic(event.target);
  order();
  tellLine();
  propose();
}

// A tap on a radio chip says all there is to say: the value folds again. The keyboard keeps it open.
function foldAfterTap(event) {
  const value = event.target.closest?.(".app-value");
  if (!value || event.target.type !== "radio" || event.detail === 0) return;
  if (event.target.name === "interpreter" && event.target.value === "ANG") return;
  value.open = false;
  value.querySelector("summary").focus({ preventScroll: true });
}

// Only one value is open at a time.
function closeOthers(event) {
  if (!event.target.matches?.(".app-value") || !event.target.open) return;
  for (const other of form.querySelectorAll(".app-value[open]")) if (other !== event.target) other.open = false;
}

if (form) {
  for (const search of form.querySelectorAll("[data-topic-search]")) {
    search.hidden = false;
    search.addEventListener("input", (event) => { event.stopPropagation(); searchTopics(search); });
    search.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  }
  form.addEventListener("change", changed);
  form.addEventListener("input", (event) => event.target.name === "note" && propose());
  form.addEventListener("click", foldAfterTap);
  form.addEventListener("toggle", closeOthers, true);
  // Strg+Enter in the note saves: the keyboard need not travel to the button.
  form.elements.note?.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  order();
  propose();
}
