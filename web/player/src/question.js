// A question whose answer may take long: its place in the store says how far it is.

/**
 * Ask, and let a place tell how it goes: `asked` with its state, "working", then "ready" with what `ask` came to, or
 * "failed" with the error's words. A question that was overtaken, or whose log was left, is told no more.
 *
 * @param place a signal of the store
 * @param asked what is told of the question from its beginning on
 * @param ask () → Promise of what is told of the answer
 * @returns whether there was an answer and it is told
 */
export async function tellOf(place, asked, ask) {
  const working = { ...asked, state: "working" };
  place.value = working;
  try {
    const answer = await ask();
    if (place.value !== working) return false;
    place.value = { ...asked, ...answer, state: "ready" };
    return true;
  } catch (error) {
    if (place.value === working) place.value = { ...asked, state: "failed", error: error.message };
    return false;
  }
}
