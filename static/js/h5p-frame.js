/* Plays H5P and tells the lesson around it what the content reached. Lives at the packages'
   address, where nobody is signed in. */

const { viewer, base, player, style } = document.body.dataset;
const SAVE_EVERY = 10_000;
const FINAL = ["completed", "answered"];
let cmi;

/* A browser that keeps nothing for frames of other addresses refuses even to be asked, and the
   player asks for its clipboard. */
try {
  window.localStorage.length;
} catch {
  const nothing = { getItem: () => null, setItem() {}, removeItem() {} };
  Object.defineProperty(window, "localStorage", { value: nothing });
}

function state() {
  const kept = window.H5P?.instances?.[0]?.getCurrentState?.();
  return kept === undefined ? "" : JSON.stringify(kept);
}

function tell(type) {
  cmi.state = state();
  window.parent.postMessage({ type, cmi }, viewer);
}

/* Parts of the content report as well; only its whole decides. */
const isWhole = (statement) => !statement.context?.contextActivities?.parent?.length;

function heard(event) {
  const statement = event.data.statement;
  if (!FINAL.includes(event.getVerb()) || !isWhole(statement)) return;
  const { success, score } = statement.result ?? {};
  cmi.finished = true;
  if (success) cmi.success = true;
  if (score?.max > 0) [cmi.raw, cmi.max] = [score.raw, score.max];
  tell("commit");
}

async function play(kept) {
  cmi = { finished: false, success: false, ...kept };
  await new window.H5PStandalone.H5P(document.getElementById("h5p"), {
    id: "1",
    embedType: "div",
    h5pJsonPath: base,
    frameJs: player,
    frameCss: style,
    saveFreq: 3600, // makes the player take up what was left; we ask for the state ourselves
    reportingIsEnabled: true,
    contentUserData: cmi.state ? [{ state: cmi.state }] : [],
  });
  window.H5P.externalDispatcher.on("xAPI", heard);
  let last = state();
  setInterval(() => {
    const now = state();
    if (now !== last) tell("changed");
    last = now;
  }, SAVE_EVERY);
}

window.addEventListener("message", (event) => {
  if (event.origin !== viewer || event.source !== window.parent) return;
  const { type, cmi: kept } = event.data;
  if (type === "start" && !cmi) play(kept);
  if (type === "leave") {
    if (cmi) tell("commit");
    window.parent.postMessage({ type: "left" }, viewer);
  }
});

window.parent.postMessage({ type: "ready" }, viewer);
