// The waiting page of a job: moves the bar and goes on when the work is done. Without it the page reloads by itself.

const box = document.querySelector("[data-progress]");
const EVERY = Number(box?.dataset.every ?? 800);

function show(state) {
  const bar = box.querySelector("progress");
  if (state.total) {
    bar.max = state.total;
    bar.value = state.done;
  } else {
    bar.removeAttribute("value");
  }
  const note = box.querySelector(".app-sub");
  if (note) note.textContent = state.note;
}

async function ask() {
  try {
    const answer = await fetch(box.dataset.progress, { headers: { Accept: "application/json" } });
    if (answer.status === 401 || answer.redirected) return location.reload();
    const state = await answer.json();
    if (state.finished) return location.reload();
    show(state);
  } catch {
    // A lost connection: the next question may get through.
  }
  setTimeout(ask, EVERY);
}

if (box) setTimeout(ask, EVERY);
