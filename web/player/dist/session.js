// Runs before trame's client, which takes the secret out of the address: keep it for a reload of this tab.
(() => {
  const KEY = "swaptwin.secret";
  const url = new URL(window.location.href);
  try {
    // A link is kept until somebody gets in: its secret may be that of an earlier start.
    if (/^#(look|t)=/.test(url.hash)) window.sessionStorage.setItem("swaptwin.link", url.hash);
    const given = url.searchParams.get("secret");
    const kept = window.sessionStorage.getItem(KEY);
    if (given) window.sessionStorage.setItem(KEY, given);
    else if (kept) {
      url.searchParams.set("secret", kept);
      window.history.replaceState(null, "", url);
    }
  } catch {
    // a browser that keeps nothing must be given the whole address each time
  }
  if (url.searchParams.has("secret")) return;
  window.addEventListener("DOMContentLoaded", () => {
    const note = document.createElement("p");
    note.style.cssText = "position:fixed;inset:auto 0 18% 0;text-align:center;font:15px system-ui,sans-serif;z-index:9";
    note.textContent =
      "Open the whole address that the swaptwin command printed. 请打开 swaptwin 命令显示的完整地址。";
    document.body.append(note);
  });
})();
