/* Between a package and the lesson around it: offers the run-time that SCORM asks for, and tells
   the lesson every change at once. Lives at the packages' address, where nobody is signed in. */

const { kind, viewer } = document.body.dataset;
const content = document.querySelector("iframe");
const is2004 = kind === "scorm2004";
let api;

function tell(type) {
  const cmi = JSON.parse(JSON.stringify(api.cmi));
  window.parent.postMessage({ type, cmi }, viewer);
}

window.addEventListener("message", (event) => {
  if (event.origin !== viewer || event.source !== window.parent) return;
  const { type, cmi, href } = event.data;
  if (type === "leave") {
    // The package says goodbye in its own unload; its last words come through `tell`.
    content.addEventListener("load", () => window.parent.postMessage({ type: "left" }, viewer), { once: true });
    content.src = "about:blank";
  } else if (type === "start" && !api) {
    const settings = { autocommit: false, lmsCommitUrl: false, logLevel: 5, autoCompleteLessonStatus: true };
    api = is2004 ? new window.Scorm2004API(settings) : new window.Scorm12API(settings);
    api.loadFromJSON(cmi, "cmi");
    // A package that never speaks of its status and says goodbye is completed, as SCORM 1.2 has
    // it. The run-time takes "not attempted" for something that the package had set.
    api.on("LMSInitialize", () => {
      if (api.cmi.core.lesson_status === "not attempted") api.statusSetByModule = false;
    });
    window[is2004 ? "API_1484_11" : "API"] = api;
    const [set, commit, finish] = is2004
      ? ["SetValue", "Commit", "Terminate"]
      : ["LMSSetValue", "LMSCommit", "LMSFinish"];
    api.on(set, () => tell("changed"));
    api.on(commit, () => tell("commit"));
    api.on(finish, () => tell("commit"));
    content.src = href;
  }
});

window.parent.postMessage({ type: "ready" }, viewer);
