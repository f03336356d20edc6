/* Every page works without this file; it only makes a few things quicker. */

const toggle = document.querySelector(".nav-toggle");
if (toggle) {
  toggle.addEventListener("click", () => {
    const open = toggle.getAttribute("aria-expanded") === "true";
    toggle.setAttribute("aria-expanded", String(!open));
  });
}

// A summary of errors takes the focus, so that it is read first.
document.querySelector(".error-summary")?.focus();

// A long lesson goes on where it was left.
if (document.querySelector("article.lesson") && !location.hash) {
  const place = `place:${location.pathname}`;
  const kept = Number(localStorage.getItem(place));
  if (kept) window.scrollTo(0, kept * document.documentElement.scrollHeight);
  window.addEventListener("pagehide", () => {
    const share = window.scrollY / document.documentElement.scrollHeight;
    const atEnd = window.scrollY + window.innerHeight > document.documentElement.scrollHeight - 200;
    if (share > 0.05 && !atEnd) localStorage.setItem(place, share.toFixed(4));
    else localStorage.removeItem(place);
  });
}

// Show what was typed into a password field.
for (const button of document.querySelectorAll("[data-shows]")) {
  const field = document.getElementById(button.dataset.shows);
  button.hidden = false;
  button.addEventListener("click", () => {
    const shown = field.type === "text";
    field.type = shown ? "password" : "text";
    button.textContent = shown ? button.dataset.show : button.dataset.hide;
    button.setAttribute("aria-pressed", String(!shown));
  });
}

// Typing is a sign of life: whoever writes a long answer is not signed out meanwhile.
let toldAt = Date.now();
document.addEventListener("input", () => {
  const token = document.querySelector("[name=csrfmiddlewaretoken]");
  if (!token || Date.now() - toldAt < 120_000) return;
  toldAt = Date.now();
  const headers = { "X-CSRFToken": token.value };
  fetch("/tai-khoan/con-lam-viec/", { method: "POST", headers }).catch(() => {});
});

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// The second click on a form's button does nothing: the first one is on its way.
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
  });
}
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
