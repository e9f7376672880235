// What a record lacks of what this page could show, as keys of words.

/** Keys of words for what is not in the record; empty while a run still writes it. */
export function missingOf(manifest) {
  const { counts, finished, running, frames, models, events, metadata } = manifest;
  if (running) return [];
  const poses = frames.length > 0 && counts.poses > 0;
  const empty = !poses && !counts.rows && !events.length;
  // A log that is no record of ours has a picture when a map says what it moves.
  const unmapped = metadata.source === "imported" && !frames.length;
  return [
    !finished && "missing.unfinished",
    !["simulated", "imported"].includes(metadata.source) && "missing.source",
    ...(empty
      ? ["missing.everything"]
      : [
          unmapped && "missing.map",
          !poses && !unmapped && "missing.poses",
          !models.length && !unmapped && "missing.models",
          !counts.rows && "missing.signals",
          // A stretch without events says nothing of its log.
          !events.length && !manifest.excerpt && "missing.events",
          manifest.end_ns <= manifest.start_ns && "missing.duration",
        ]),
  ].filter(Boolean);
}
