/* Keeps the lists of sessions, and what they need to be shown, for when there is no network.
   Looks after /lop/phu-trach/ alone. Everything is asked of the server first. */

const KEPT = "check-in-1";
const MATCH = { ignoreVary: true };

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const { pathname } = new URL(request.url);
  const isList = /^\/lop\/phu-trach\/buoi\/\d+\/$/.test(pathname);
  if (isList || pathname.startsWith("/static/")) event.respondWith(fresh(request, isList));
});

// The first visit comes before the worker does: the page says what it was made of.
self.addEventListener("message", (event) => {
  const keeping = event.data.keep.map(async (address) => {
    const kept = await caches.open(KEPT);
    if (!(await kept.match(address, MATCH))) await fresh(new Request(address), true);
  });
  event.waitUntil(Promise.all(keeping).then(() => event.source.postMessage("kept"), () => {}));
});

async function fresh(request, isList) {
  const kept = await caches.open(KEPT);
  try {
    const answer = await fetch(request, isList ? { signal: AbortSignal.timeout(6000) } : {});
    // A way to the sign-in page is no list.
    if (answer.ok && !answer.redirected) await kept.put(request, answer.clone());
    return answer;
  } catch (error) {
    const old = await kept.match(request, MATCH);
    if (old) return old;
    throw error;
  }
}
