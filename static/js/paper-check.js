/* Compares a PDF with the register without sending it anywhere. Without this script, or where the
   browser has no crypto.subtle (a site without HTTPS), the form hands the file to the server. */

const form = document.querySelector("form[data-hashes]");

if (form && globalThis.crypto?.subtle) {
  const known = form.dataset.hashes.trim().split(/\s+/);
  const input = form.querySelector("input[type=file]");
  const same = form.querySelector("[data-same]");
  const other = form.querySelector("[data-other]");
  form.querySelector("[data-in-browser]").hidden = false;

  const compare = async () => {
    const [file] = input.files;
    same.hidden = other.hidden = true;
    if (!file) return;
    const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
    const hex = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0"));
    const found = known.includes(hex.join(""));
    same.hidden = !found;
    other.hidden = found;
  };

  input.addEventListener("change", compare);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (input.reportValidity()) compare();
  });
}
