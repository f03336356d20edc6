/* The lesson's side of a package: hands it what was left, and keeps what it says, in order.
   What the package said last is sent once more when the page goes away. */

const form = document.querySelector("[data-package]");
const frame = document.querySelector("iframe.package");
const status = document.querySelector("[data-package-status]");
const leave = document.querySelector("[data-leave]");
const start = JSON.parse(document.getElementById("package-start").textContent);
const words = form.dataset;
const token = form.querySelector("[name=csrfmiddlewaretoken]").value;

let sequence = 0;
let newest = null; // what the package said last and the server does not have yet
let sending = false;
let timer = 0;
let isOver = false; // another window has taken over
let hasBegun = false;

function say(text, kind = "") {
  status.hidden = !text;
  status.className = `notice ${kind}`;
  status.textContent = text;
}

const body = (cmi) => JSON.stringify({ launch: start.launch, sequence: ++sequence, cmi });

async function send() {
  clearTimeout(timer);
  if (sending || !newest || isOver) return;
  sending = true;
  const cmi = newest;
  newest = null;
  try {
    const answer = await fetch(words.commit, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token },
      body: body(cmi),
    });
    if (answer.status === 409) {
      isOver = true;
      say(words.newer, "notice-warn");
    } else if (answer.ok && !answer.redirected) {
      const { done } = await answer.json();
      say(done ? words.done : words.kept, done ? "notice-ok" : "");
    } else {
      throw new Error(answer.status);
    }
  } catch {
    newest ??= cmi;
    say(words.lost, "notice-warn");
    timer = setTimeout(send, 8000);
  }
  sending = false;
  if (newest && !isOver && status.textContent !== words.lost) send();
}

window.addEventListener("message", (event) => {
  if (event.origin !== words.package || event.source !== frame.contentWindow) return;
  const { type, cmi } = event.data;
  if (type === "ready") {
    hasBegun = true;
    frame.contentWindow.postMessage({ type: "start", href: start.href, cmi: start.cmi }, words.package);
  } else if (type === "changed") {
    newest = cmi;
    clearTimeout(timer);
    timer = setTimeout(send, 3000);
  } else if (type === "commit") {
    newest = cmi;
    send();
  } else if (type === "left") {
    finish();
  }
});

let gone = false;
async function finish() {
  if (gone) return;
  gone = true;
  for (let tries = 0; (newest || sending) && tries < 50; tries += 1) {
    await send();
    await new Promise((done) => setTimeout(done, 100));
  }
  window.location.href = leave.href;
}

leave.addEventListener("click", (event) => {
  event.preventDefault();
  frame.contentWindow.postMessage({ type: "leave" }, words.package);
  setTimeout(finish, hasBegun ? 6000 : 0); // a package that does not answer keeps nobody
});

window.addEventListener("pagehide", () => {
  if (!newest || isOver) return;
  const last = new FormData();
  last.append("csrfmiddlewaretoken", token);
  last.append("body", body(newest));
  navigator.sendBeacon(words.commit, last);
});

frame.src = frame.dataset.frame;
