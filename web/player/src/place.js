// Where this tab was when its server was started anew: the address opened next in this tab goes on there.

const PLACE = "swaptwin.place";
const SECRET = "swaptwin.secret";

/** Keep the place; the secret is of no use any more, and a reload must say so. */
export function leavePlace(place, session = tabStorage()) {
  session?.setItem(PLACE, JSON.stringify(place));
  session?.removeItem(SECRET);
}

/** The place that was kept, once; null when there is none. */
export function takePlace(session = tabStorage()) {
  const text = session?.getItem(PLACE);
  session?.removeItem(PLACE);
  return text ? JSON.parse(text) : null;
}

function tabStorage() {
  try {
    return globalThis.sessionStorage;
  } catch {
    return null;
  }
}
