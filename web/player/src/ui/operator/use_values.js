// Signals at the cursor for a part of the panel, kept at hand while it is shown.

import { useEffect, useRef } from "preact/hooks";

/** A function that gives a signal's value; at the edge of a run, where it may be on its way, the one before. */
export function useValues(player, names) {
  const shown = useRef(new Map());
  const manifest = player.store.manifest.value;
  useEffect(() => {
    shown.current.clear();
    return player.signals.watch(names);
  }, [manifest, names.join()]);
  // Drawn anew when the cursor moves, and when what was asked for arrives.
  const t = player.store.t.value;
  void player.signals.arrived.value;
  return (name) => {
    const value = player.signals.value(name, t);
    if (value !== undefined) shown.current.set(name, value);
    return shown.current.get(name);
  };
}
