// Keeps what is being typed. A form with `data-draft-url` sends its fields there while they change;
// a form with `data-guard` warns before unsaved input is left. Nothing here ever clears a field.
const PAUSE = 1500;
// Browsers refuse to keep larger requests alive while a page is closing.
const KEEPALIVE_LIMIT = 60000;
const NOT_DRAFTED = new Set(["csrf_token", "_restored", "add_row", "remove_row", "draft_rev"]);

class Draft {
  constructor(form) {
    this.form = form;
    this.url = form.dataset.draftUrl;
    this.state = form.querySelector("[data-draft-state]");
    // The version travels with the form, so that a page shown again after an error goes on with the same draft.
    this.held = form.querySelector("input[name=draft_rev]");
    this.version = this.held?.value ?? "";
    this.dirty = form.hasAttribute("data-unsaved");
    this.sent = this.dirty ? "" : this.written();
    this.stopped = false;
    form.addEventListener("input", () => this.changed());
    form.addEventListener("change", () => this.changed());
  }

  written() {
    const fields = [...new FormData(this.form)].filter(([name, value]) => !NOT_DRAFTED.has(name) && typeof value === "string");
    return new URLSearchParams(fields).toString();
  }

  changed() {
    this.dirty = true;
    if (!this.url || this.stopped) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), PAUSE);
  }

  // One request at a time: a slow older one must not overwrite a newer one.
  async save({ closing = false } = {}) {
    clearTimeout(this.timer);
    const body = this.written();
    if (!this.url || this.stopped || body === this.sent || body === this.flying) return;
    if (this.busy && !closing) {
      this.again = true;
      return;
    }
    this.busy = true;
    this.flying = body;
    try {
      await this.answered(await this.send(body, closing), body);
    } catch {
      this.say("offline");
      if (!closing) this.timer = setTimeout(() => this.save(), 10 * PAUSE);
    }
    this.busy = false;
    this.flying = null;
    if (this.again) {
      this.again = false;
      this.changed();
    }
  }

  send(body, closing) {
    const headers = {
      "Content-Type": "application/x-www-form-urlencoded",
      Accept: "application/json",
      "X-CSRFToken": document.querySelector("meta[name=csrf-token]").content,
    };
    if (this.version) headers["If-Match"] = `"${this.version}"`;
    return fetch(this.url, { method: "PUT", headers, body, keepalive: closing && body.length < KEEPALIVE_LIMIT });
  }

  async answered(response, body) {
    if (response.ok) {
      const answer = response.status === 204 ? {} : await response.json();
      this.version = String(answer.version ?? this.version);
      if (this.held) this.held.value = this.version;
      this.sent = body;
      this.dirty = this.written() !== body;
      if (response.status === 204) return;
      const now = new Date().toLocaleTimeString("de-DE", { hour: "2-digit", minute: "2-digit" });
      this.say("saved", answer.saved_at ?? now);
      return;
    }
    this.stopped = response.status !== 401 && response.status < 500;
    const told = { 401: "signedOut", 403: "signedOut", 409: "conflict", 410: "stored" };
    this.say(told[response.status] ?? (response.status < 500 ? "refused" : "offline"));
  }

  // The way back to a form that is saved already leads to the record, never to the old text.
  async showSaved() {
    if (!this.url) return;
    const response = await fetch(this.url, { headers: { Accept: "application/json" }, redirect: "manual" });
    if (response.status !== 410) return;
    this.leaving = this.stopped = true;
    location.replace((await response.json()).href);
  }

  // The texts stand in the page, translated, as data-saved, data-offline and so on.
  say(what, time = "") {
    if (!this.state) return;
    this.state.dataset.tone = what === "saved" ? "" : "warning";
    this.state.textContent = this.state.dataset[what].replace("%(time)s", time);
  }
}

const drafts = [...document.querySelectorAll("form[data-draft-url], form[data-guard]")].map((form) => new Draft(form));

function saveAll() {
  for (const draft of drafts) draft.save({ closing: true });
}

document.addEventListener("submit", (event) => {
  const draft = drafts.find(({ form }) => form === event.target);
  if (!draft || event.defaultPrevented) return;
  // The last words go along as a draft: if the answer never comes, they are safe; if it came first, the server says no.
  draft.save({ closing: true });
  draft.leaving = true;
  draft.stopped = true;
});
document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && saveAll());
addEventListener("pagehide", saveAll);
addEventListener("online", saveAll);
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const draft of drafts) {
    draft.leaving = draft.stopped = false;
    draft.showSaved();
  }
});
addEventListener("beforeunload", (event) => {
  if (drafts.some((draft) => draft.dirty && !draft.leaving)) event.preventDefault();
});
