/* Keeps answers as they are given and shows the time that is left. A quiz works without it. */

const form = document.querySelector("form[data-autosave]");
const status = document.querySelector("[data-autosave-status]");
const RETRY_AFTER = 5000;
let timer, running;
/* Whether the last try to keep the answer found no network. */
let failed = false;

/* Resolves to whether the form may go on: kept, or refused for a reason that its page says. */
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
    if (response.status === 409) {
      location.href = (await response.json()).url;
      return false;
    }
    failed = !response.ok && response.status !== 422;
    if (!failed) {
      status.textContent = response.ok ? form.dataset.saved : "";
      return true;
    }
  } catch (error) {
    // Another one is on its way.
    if (error.name === "AbortError") return false;
  }
  failed = true;
  status.textContent = form.dataset.failed;
  timer = setTimeout(save, RETRY_AFTER);
  return false;
}

function soon(wait) {
  status.textContent = "";
  clearTimeout(timer);
  timer = setTimeout(save, wait);
}

if (form) {
  form.addEventListener("input", (event) => soon(event.target.matches("textarea, input[type=text]") ? 1000 : 0));
  // The button's own way keeps the answer; a late autosave must not overtake it. Without a
  // network that way would end on the browser's own page: what is not kept yet stays here.
  form.addEventListener("submit", async (event) => {
    const isCut = failed || !navigator.onLine;
    if (!isCut || event.submitter?.name === "later") {
      clearTimeout(timer);
      running?.abort();
      return;
    }
    event.preventDefault();
    const goesOn = await save();
    delete form.dataset.sent;
    if (goesOn) form.requestSubmit(event.submitter);
  });
  window.addEventListener("online", () => failed && save());
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
