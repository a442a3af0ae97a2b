// Pads to sign on: with pen, finger or mouse. What is kept is the picture alone, no pressure, no times, no strokes.
const INK = "#171a2b";
const WIDTH = 4;

class Pad {
  constructor(box) {
    this.box = box;
    this.canvas = box.querySelector("canvas");
    this.kept = box.querySelector("input[type=hidden]");
    this.state = box.querySelector("[data-pad-state]");
    this.part = box.closest("[data-signing]");
    this.pen = this.canvas.getContext("2d");
    this.blank();
    box.hidden = false;
    for (const option of this.part?.querySelectorAll("[data-needs-pad]") ?? []) option.hidden = false;
    this.canvas.addEventListener("pointerdown", (event) => this.start(event));
    this.canvas.addEventListener("pointermove", (event) => this.draw(event));
    for (const end of ["pointerup", "pointercancel"]) this.canvas.addEventListener(end, (event) => this.end(event));
    box.querySelector("[data-pad-clear]").addEventListener("click", () => this.clear());
    box.querySelector("[data-pad-done]").addEventListener("click", () => this.close());
    if (this.kept.value) this.bringBack();
    this.part?.addEventListener("change", () => this.show());
    this.show();
  }

  // Only what belongs to the chosen way is shown; as long as nothing is chosen, the pad invites to sign.
  show() {
    const way = this.part?.querySelector("input[type=radio]:checked")?.value ?? "";
    this.box.hidden = way === "confirmed" || way === "paper";
    const name = this.part?.querySelector("[data-confirming]");
    if (name) name.hidden = way !== "confirmed";
  }

  blank() {
    this.pen.fillStyle = "#ffffff";
    this.pen.fillRect(0, 0, this.canvas.width, this.canvas.height);
    Object.assign(this.pen, { strokeStyle: INK, fillStyle: INK, lineWidth: WIDTH, lineCap: "round", lineJoin: "round" });
  }

  // The pad is as wide as the screen allows; the picture always has the same size.
  place(event) {
    const area = this.canvas.getBoundingClientRect();
    return [
      ((event.clientX - area.left) / area.width) * this.canvas.width,
      ((event.clientY - area.top) / area.height) * this.canvas.height,
    ];
  }

  // One finger signs; the palm that rests on the pad does not.
  start(event) {
    if (this.closed || this.pointer !== undefined || event.button !== 0) return;
    event.preventDefault();
    this.pointer = event.pointerId;
    this.canvas.setPointerCapture(event.pointerId);
    this.last = this.place(event);
    this.pen.beginPath();
    this.pen.arc(...this.last, WIDTH / 2, 0, 2 * Math.PI);
    this.pen.fill();
  }

  draw(event) {
    if (event.pointerId !== this.pointer) return;
    const between = event.getCoalescedEvents?.() ?? [];
    for (const each of between.length ? between : [event]) {
      const next = this.place(each);
      this.pen.beginPath();
      this.pen.moveTo(...this.last);
      this.pen.lineTo(...next);
      this.pen.stroke();
      this.last = next;
    }
  }

  end(event) {
    if (event.pointerId !== this.pointer) return;
    this.pointer = undefined;
    this.kept.value = this.canvas.toDataURL("image/png");
    this.choose("drawn");
    this.say("signed");
    this.kept.dispatchEvent(new Event("change", { bubbles: true }));
  }

  clear() {
    this.blank();
    this.kept.value = "";
    this.open(true);
    this.choose("");
    this.say("empty");
  }

  // So that a hand that scrolls the page does not draw on.
  close() {
    if (!this.kept.value) return this.say("empty");
    this.open(false);
    this.say("locked");
  }

  open(open) {
    this.closed = !open;
    this.box.toggleAttribute("data-closed", !open);
  }

  choose(way) {
    for (const option of this.part?.querySelectorAll("input[type=radio]") ?? []) {
      if (way ? option.value === way : option.value === "drawn") option.checked = Boolean(way);
    }
  }

  bringBack() {
    const picture = new Image();
    picture.addEventListener("load", () => {
      const { width, height } = this.canvas;
      const scale = Math.min(1, width / picture.width, height / picture.height);
      const size = [picture.width * scale, picture.height * scale];
      this.pen.drawImage(picture, (width - size[0]) / 2, (height - size[1]) / 2, ...size);
      this.say("signed");
    });
    picture.src = this.kept.value;
  }

  say(what) {
    this.state.textContent = this.box.dataset[what];
  }
}

for (const box of document.querySelectorAll("[data-pad]")) new Pad(box);
