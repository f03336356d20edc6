"""Small SCORM and H5P packages, written here."""

import io
import json
import zipfile

MANIFEST = """<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="M" version="1" xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2"
    xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2">
  <organizations default="O"><organization identifier="O"><title>An toàn trên mạng</title>
    {items}
  </organization></organizations>
  <resources>
    {resources}
  </resources>
</manifest>"""
ITEM = (
    '<item identifier="I{n}" identifierref="R{n}"><title>Phần {n}</title>'
    "<adlcp:masteryscore>{mastery}</adlcp:masteryscore></item>"
)
RESOURCE = (
    '<resource identifier="R{n}" type="webcontent" adlcp:scormtype="sco" href="{href}">'
    '<file href="{href}"/></resource>'
)
PAGE = """<!doctype html><html><body>
<p id="where"></p>
<button onclick="go('p3')">Sang trang 3</button>
<button onclick="finish()">Xong</button>
<iframe src="inner.html"></iframe>
<script>
let api = null, at = window;
while (!api && at) { api = at.API; if (at === at.parent) break; at = at.parent; }
api.LMSInitialize("");
document.getElementById("where").textContent =
  api.LMSGetValue("cmi.core.entry") + "|" + api.LMSGetValue("cmi.core.lesson_location");
function go(page) {
  api.LMSSetValue("cmi.core.lesson_location", page);
  api.LMSSetValue("cmi.suspend_data", "x".repeat(6000));
  api.LMSCommit("");
}
function finish() {
  api.LMSSetValue("cmi.core.score.raw", "90");
  api.LMSSetValue("cmi.core.lesson_status", "passed");
  api.LMSFinish("");
}
</script></body></html>"""


def scorm(parts: int = 1, *, mastery: str = "", href: str = "", **files: str) -> bytes:
    """A SCORM 1.2 package of so many parts; files by name come on top and may replace."""
    numbers = range(1, parts + 1)
    manifest = MANIFEST.format(
        items="".join(ITEM.format(n=n, mastery=mastery) for n in numbers),
        resources="".join(RESOURCE.format(n=n, href=href or f"part{n}.html") for n in numbers),
    )
    contents = {"imsmanifest.xml": manifest, "inner.html": "<p>bên trong</p>"}
    contents |= {f"part{n}.html": PAGE for n in numbers}
    return zipped(contents | files)


SCORM_2004 = [
    ("http://www.imsproject.org/xsd/imscp_rootv1p1p2", "http://www.imsglobal.org/xsd/imscp_v1p1"),
    ("http://www.adlnet.org/xsd/adlcp_rootv1p2", "http://www.adlnet.org/xsd/adlcp_v1p3"),
    ("adlcp:scormtype", "adlcp:scormType"),
    ("at.API", "at.API_1484_11"),
    ("LMSInitialize", "Initialize"),
    ("LMSGetValue", "GetValue"),
    ("LMSSetValue", "SetValue"),
    ("LMSCommit", "Commit"),
    ("LMSFinish", "Terminate"),
    ("cmi.core.entry", "cmi.entry"),
    ("cmi.core.lesson_location", "cmi.location"),
    ('"cmi.core.score.raw", "90"', '"cmi.score.scaled", "0.9"'),
    ("cmi.core.lesson_status", "cmi.success_status"),
]
"""What the later standard calls otherwise."""


def scorm2004() -> bytes:
    """The same package in the words of SCORM 2004, left with its state kept."""
    manifest = MANIFEST.format(
        items=ITEM.format(n=1, mastery="").replace("<adlcp:masteryscore></adlcp:masteryscore>", ""),
        resources=RESOURCE.format(n=1, href="part1.html"),
    )
    page = PAGE.replace('LMSCommit("");', 'LMSSetValue("cmi.exit", "suspend"); api.LMSCommit("");')
    page = page.replace(
        "api.LMSFinish", 'api.LMSSetValue("cmi.completion_status", "completed"); api.LMSFinish'
    )
    for old, new in SCORM_2004:
        manifest, page = manifest.replace(old, new), page.replace(old, new)
    contents = {"imsmanifest.xml": manifest, "part1.html": page, "inner.html": "<p>bên trong</p>"}
    return zipped(contents)


def zipped(contents: dict[str, str]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in contents.items():
            archive.writestr(name, text)
    return file.getvalue()


QUIZ_JS = """
window.H5P = window.H5P || {};
H5P.ViDu = function (params, id, extras) {
  const self = this;
  H5P.EventDispatcher.call(self);
  self.answer = (extras && extras.previousState || {}).answer || "";
  self.getCurrentState = () => ({ answer: self.answer });
  self.getTitle = () => params.hoi;
  self.attach = ($box) => {
    const box = $box.get(0);
    box.innerHTML = "<p class='hoi'></p><p id='where'></p>";
    box.querySelector(".hoi").textContent = params.hoi;
    box.querySelector("#where").textContent = self.answer;
    for (const [text, score] of [["Sai", 0], ["Đúng", 2]]) {
      const button = document.createElement("button");
      button.textContent = text;
      button.onclick = () => {
        self.answer = text;
        self.triggerXAPIScored(score, 2, "answered", true, score === 2);
      };
      box.append(button);
    }
  };
};
H5P.ViDu.prototype = Object.create(H5P.EventDispatcher.prototype);
"""


def h5p(**files: str | None) -> bytes:
    """An H5P question with a wrong and a right button, and what its library needs."""
    library = {"machineName": "H5P.ViDu", "majorVersion": 1, "minorVersion": 0}
    words = {"machineName": "ViDu.Chu", "majorVersion": 2, "minorVersion": 3}
    contents = {
        "h5p.json": json.dumps(
            {
                "title": "Mật khẩu",
                "mainLibrary": "H5P.ViDu",
                "embedTypes": ["div"],
                "preloadedDependencies": [library],
            }
        ),
        "content/content.json": json.dumps({"hoi": "Mật khẩu nào khó đoán?"}),
        "H5P.ViDu-1.0/library.json": json.dumps(
            library
            | {
                "title": "Ví dụ",
                "runnable": 1,
                "preloadedJs": [{"path": "quiz.js"}],
                "preloadedDependencies": [words],
            }
        ),
        "H5P.ViDu-1.0/quiz.js": QUIZ_JS,
        "ViDu.Chu-2.3/library.json": json.dumps(words | {"title": "Chữ"}),
    }
    return zipped({name: text for name, text in (contents | files).items() if text is not None})
