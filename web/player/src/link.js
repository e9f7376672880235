// Links to an instant of a log with what is selected and open: the address of this page with a fragment that says so.
// Programs and people write the short one, `#t=83.2&lang=zh&with=other`: seconds since the start of the log that the
// page opens with, and the title of a log to be laid over it.

const MARK = "#look=";
const SHORT = "#t=";
const KEPT = "swaptwin.link";
const SECRET = "swaptwin.secret";

/** The address for a look: {log, identity, t, part, panels, plotted, condition, other}. */
export function linkTo(look, { href = globalThis.location.href, session = tabStorage() } = {}) {
  const url = new URL(href);
  // trame takes the secret out of the address; without it nobody gets in as long as this server runs.
  const secret = session?.getItem(SECRET);
  if (secret) url.searchParams.set("secret", secret);
  url.hash = MARK.slice(1) + encodeURIComponent(JSON.stringify(look));
  return url.href;
}

/** What a fragment says, {log, t, …} or {since_s, language, other}; null when it is no look, or a broken one. */
export function readLink(hash) {
  if (hash.startsWith(SHORT)) {
    const said = new URLSearchParams(hash.slice(1));
    const since_s = Number(said.get("t") || NaN);
    return Number.isFinite(since_s) ? { since_s, language: said.get("lang"), other: said.get("with") } : null;
  }
  if (!hash.startsWith(MARK)) return null;
  try {
    const look = JSON.parse(decodeURIComponent(hash.slice(MARK.length)));
    return typeof look?.log === "string" && Number.isFinite(look.t) ? look : null;
  } catch {
    return null;
  }
}

/**
 * The look this page was opened with, once. It is kept for this tab while nobody has got in: where the server was started
 * anew the address that it printed, opened next in the tab, goes there.
 */
export function takeLink({ location = globalThis.location, history = globalThis.history, session = tabStorage() } = {}) {
  const look = readLink(location?.hash ?? "") ?? readLink(session?.getItem(KEPT) ?? "");
  session?.removeItem(KEPT);
  if (location?.hash.startsWith(MARK)) history?.replaceState(null, "", location.href.split("#")[0]);
  return look;
}

function tabStorage() {
  try {
    return globalThis.sessionStorage;
  } catch {
    return null;
  }
}
