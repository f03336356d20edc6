/* Keeps the lists of sessions, and what they need to be shown, for when there is no network.
   Looks after /lop/phu-trach/ alone. Everything is asked of the server first. */

const KEPT = "check-in-1";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const { pathname } = new URL(request.url);
  const isList = /^\/lop\/phu-trach\/buoi\/\d+\/$/.test(pathname);
  if (isList || pathname.startsWith("/static/")) event.respondWith(fresh(request, isList));
});

async function fresh(request, isList) {
  const kept = await caches.open(KEPT);
  try {
    const answer = await fetch(request, isList ? { signal: AbortSignal.timeout(6000) } : {});
    // A way to the sign-in page is no list.
    if (answer.ok && !answer.redirected) await kept.put(request, answer.clone());
    return answer;
  } catch (error) {
    const old = await kept.match(request);
    if (old) return old;
    throw error;
  }
}
