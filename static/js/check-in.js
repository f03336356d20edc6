/* The list of a session on the trainer's phone, with or without a network.
   What is seen goes into a queue on the phone first, then to the server; only what the server
   has answered for leaves the queue. The server counts everybody once, whatever is sent again. */

const page = document.querySelector("[data-check-in]");
const words = page.dataset;
const key = `check-in-${words.checkIn}`;
const rows = new Map([...page.querySelectorAll("[data-row]")].map((row) => [row.dataset.code, row]));
const count = page.querySelector("[data-count]");
const status = page.querySelector("[data-status]");

const queue = () => JSON.parse(localStorage.getItem(key) || "[]");
const keep = (entries) => localStorage.setItem(key, JSON.stringify(entries));

function say(text, kind = "") {
  status.hidden = !text;
  status.className = `notice ${kind}`;
  status.textContent = text;
}

function mark(code, text) {
  const row = rows.get(code);
  if (!row) return;
  if (!("here" in row.dataset)) {
    row.dataset.here = "";
    count.textContent = String(Number(count.textContent) + 1);
  }
  let tag = row.querySelector(".tag");
  if (!tag) {
    tag = document.createElement("span");
    tag.className = "tag";
    row.querySelector("form").replaceChildren(tag);
  }
  tag.textContent = text;
  tag.classList.toggle("tag-ok", text === words.present);
  tag.classList.toggle("tag-warn", text === words.waiting);
}

function see(code, way) {
  const row = rows.get(code);
  if (row && "here" in row.dataset) return words.known;
  keep([...queue(), { code, way, at: new Date().toISOString() }]);
  mark(code, words.waiting);
  synchronise();
  return row ? `${words.present}: ${row.querySelector("strong").textContent}` : words.waiting;
}

let busy = false;
async function synchronise() {
  const entries = queue();
  if (busy || !entries.length) return;
  busy = true;
  const token = page.querySelector("[name=csrfmiddlewaretoken]")?.value;
  try {
    const answer = await fetch(words.sync, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token },
      body: JSON.stringify({ seen: entries }),
      redirect: "manual",
    });
    if (answer.type === "opaqueredirect" || answer.status === 403) {
      say(words.signIn.replace("#", entries.length), "notice-warn");
      return;
    }
    if (answer.status === 404) {
      say(words.notYours.replace("#", entries.length), "notice-bad");
      return;
    }
    if (!answer.ok) throw new Error(answer.status);
    const { unknown, left } = await answer.json();
    const done = new Set(entries.slice(0, entries.length - left).map((entry) => entry.at + entry.code));
    keep(queue().filter((entry) => !done.has(entry.at + entry.code)));
    for (const { code } of entries) if (!unknown.includes(code)) mark(code, words.present);
    say(unknown.length ? words.unknown : words.sent, unknown.length ? "notice-bad" : "notice-ok");
  } catch {
    say(words.offline.replace("#", entries.length), "notice-warn");
    return;
  } finally {
    busy = false;
  }
  if (queue().length) synchronise();
}

// Ticking by hand goes the same way as scanning.
for (const [code, row] of rows) {
  const button = row.querySelector("button");
  if ("here" in row.dataset) continue;
  row.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    button.disabled = true;
    see(code, "tick");
  });
}
for (const { code } of queue()) mark(code, words.waiting);
window.addEventListener("online", synchronise);
setInterval(synchronise, 20_000);
synchronise();

// Find a name without its marks, or a unit by how its words begin: "hoa" is not meant for every
// "Đa khoa". Enter on a code marks its owner.
const fold = (text) =>
  text.toLowerCase().replaceAll("đ", "d").normalize("NFD").replace(/\p{M}/gu, "").trim();
const find = document.getElementById("find");
find.addEventListener("input", () => {
  const wanted = fold(find.value).split(/\s+/);
  for (const row of rows.values()) {
    const name = fold(row.querySelector("strong").textContent);
    const unit = ` ${fold(row.querySelector(".meta").textContent)}`;
    const fits = (word) => name.includes(word) || unit.includes(` ${word}`);
    row.hidden = !/\d/.test(find.value) && !wanted.every(fits);
  }
});
find.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !/^\d+-\w+$/.test(find.value.trim())) return;
  event.preventDefault();
  say(see(find.value.trim().toUpperCase(), "scan"), "notice-ok");
  find.value = "";
});

// The camera, where the browser can read codes by itself.
const open = page.querySelector("[data-camera]");
if ("BarcodeDetector" in window && navigator.mediaDevices) {
  open.hidden = false;
  open.addEventListener("click", scan);
}
async function scan() {
  const box = page.querySelector("[data-scanner]");
  const video = box.querySelector("video");
  const answer = box.querySelector(".scan-answer");
  box.hidden = false;
  video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  await video.play();
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  let last = "";
  setInterval(async () => {
    const [found] = await detector.detect(video).catch(() => []);
    if (!found || found.rawValue === last) return;
    last = found.rawValue;
    if (/^\d+-[A-Z2-7]+$/.test(last)) {
      answer.textContent = see(last, "scan");
      navigator.vibrate?.(120);
    } else {
      answer.textContent = words.unknown;
    }
  }, 400);
}

// Somebody who is on no list, entered without a network, waits on the phone as well: the form is
// sent when the network is back, and the server knows name and phone again.
const walkInKey = `${key}-walk-ins`;
const walkIns = () => JSON.parse(localStorage.getItem(walkInKey) || "[]");
const keepWalkIns = (forms) => localStorage.setItem(walkInKey, JSON.stringify(forms));
const walkInForm = page.querySelector("[data-walk-in]");

function sayWalkIns() {
  say(words.walkIns.replace("#", walkIns().map(({ full_name }) => full_name).join(", ")), "notice-warn");
}

walkInForm.addEventListener("submit", (event) => {
  event.preventDefault();
  const filled = Object.fromEntries(new FormData(walkInForm));
  delete filled.csrfmiddlewaretoken;
  if (!filled.full_name.trim() || !filled.phone.trim()) {
    walkInForm.submit();
    return;
  }
  keepWalkIns([...walkIns(), { ...filled, at: new Date().toISOString() }]);
  walkInForm.reset();
  sendWalkIns();
});

let sending = false;
async function sendWalkIns() {
  const [first] = walkIns();
  if (!first || sending) return;
  sending = true;
  const token = page.querySelector("[name=csrfmiddlewaretoken]").value;
  try {
    const answer = await fetch(walkInForm.action, {
      method: "POST",
      headers: { "X-CSRFToken": token, Accept: "application/json" },
      body: new URLSearchParams(first),
      redirect: "manual",
    });
    if (answer.type === "opaqueredirect" || answer.status === 403) {
      say(words.signIn.replace("#", walkIns().length), "notice-warn");
      return;
    }
    if (answer.status === 404) {
      say(words.notYours.replace("#", walkIns().length), "notice-bad");
      return;
    }
    if (!answer.ok && answer.status !== 422) throw new Error(answer.status);
    keepWalkIns(walkIns().filter(({ at }) => at !== first.at));
    if (answer.status === 422) {
      // What is to be mended is shown by the server, with what was filled in.
      for (const [name, value] of Object.entries(first)) {
        if (walkInForm.elements[name]) walkInForm.elements[name].value = value;
      }
      walkInForm.submit();
    } else if (!walkIns().length) {
      location.reload();
    }
  } catch {
    sayWalkIns();
    return;
  } finally {
    sending = false;
  }
  sendWalkIns();
}
window.addEventListener("online", sendWalkIns);
setInterval(sendWalkIns, 20_000);
sendWalkIns();

// The list and what it is made of are kept from the first visit on, and the trainer is told.
navigator.serviceWorker?.register(words.worker).catch(() => {});
navigator.serviceWorker?.addEventListener("message", () => {
  page.querySelector("[data-kept]").hidden = false;
});
navigator.serviceWorker?.ready.then(({ active }) => {
  const parts = performance.getEntriesByType("resource").map(({ name }) => new URL(name));
  const own = parts.filter(({ origin, pathname }) => origin === location.origin && pathname.startsWith("/static/"));
  active.postMessage({ keep: [location.pathname, ...new Set(own.map(({ pathname }) => pathname))] });
});
