"""Small SCORM packages, written here."""

import io
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


def zipped(contents: dict[str, str]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in contents.items():
            archive.writestr(name, text)
    return file.getvalue()
