/* Keeps answers as they are given and shows the time that is left. A quiz works without it. */

const form = document.querySelector("form[data-autosave]");
const status = document.querySelector("[data-autosave-status]");
let timer, running;

async function save() {
  clearTimeout(timer);
  running?.abort();
  running = new AbortController();
  try {
    const response = await fetch(location.href, {
      method: "POST",
      body: new FormData(form),
      headers: { "X-Autosave": "1", Accept: "application/json" },
      signal: running.signal,
    });
    if (response.status === 409) location.href = (await response.json()).url;
    else if (response.status !== 422) status.textContent = response.ok ? form.dataset.saved : form.dataset.failed;
    else status.textContent = "";
  } catch (error) {
    if (error.name !== "AbortError") status.textContent = form.dataset.failed;
  }
}

function soon(wait) {
  status.textContent = "";
  clearTimeout(timer);
  timer = setTimeout(save, wait);
}

if (form) {
  form.addEventListener("input", (event) => soon(event.target.matches("textarea, input[type=text]") ? 1000 : 0));
  // The button's own way keeps the answer; a late autosave must not overtake it.
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    running?.abort();
  });
}

const clock = document.querySelector("[data-seconds-left]");
if (clock) {
  const end = performance.now() + Number(clock.dataset.secondsLeft) * 1000;
  const tick = () => {
    const left = Math.max(Math.round((end - performance.now()) / 1000), 0);
    clock.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    clock.closest(".time-left").classList.toggle("is-short", left <= 60);
    if (left === 3 && form) save();
    if (left === 0) {
      clearInterval(ticking);
      // The server hands in what it has and shows the result.
      setTimeout(() => location.assign(location.href), 1500);
    }
  };
  const ticking = setInterval(tick, 1000);
  tick();
}
