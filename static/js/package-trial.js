/* An author tries a package: what it says is shown and judged by every rule, and kept nowhere. */

const form = document.querySelector("[data-package]");
const frame = document.querySelector(".package-trial");
const score = document.querySelector("[data-score]");

async function judge(cmi) {
  const answer = await fetch(window.location.pathname, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      "X-CSRFToken": form.querySelector("[name=csrfmiddlewaretoken]").value,
    },
    body: JSON.stringify({ cmi, mastery: form.dataset.mastery }),
  });
  if (!answer.ok) return;
  const judged = await answer.json();
  for (const [rule, met] of Object.entries(judged.met)) {
    document.querySelector(`[data-rule=${rule}]`).textContent = met ? form.dataset.yes : form.dataset.no;
  }
  if (judged.score !== null) score.textContent = `${judged.score}/100`;
}

if (form) {
  const start = JSON.parse(document.getElementById("package-start").textContent);
  window.addEventListener("message", (event) => {
    if (event.origin !== form.dataset.package || event.source !== frame.contentWindow) return;
    const { type, cmi } = event.data;
    if (type === "ready") {
      frame.contentWindow.postMessage({ type: "start", ...start }, form.dataset.package);
    } else if (cmi) {
      judge(cmi);
    }
  });
  frame.src = frame.dataset.frame;
}
