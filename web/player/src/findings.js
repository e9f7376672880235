// Findings about a log's data on the timeline: a line for each family, and what overlaps in one as one.

/** Lines of the lane, and the kinds of findings in each; any other kind stands in the last. */
export const FAMILIES = [
  { name: "missing", kinds: ["gap", "frozen"] },
  { name: "values", kinds: ["bad_quality", "out_of_range", "impossible_step", "no_number", "changed_meaning", "conflict"] },
  { name: "packs", kinds: ["pack_nowhere", "pack_twice", "pack_appeared"] },
  { name: "stamps", kinds: ["clock_set", "backward", "duplicate", "skew"] },
];

/** The number of a kind's family. */
export function familyOf(kind) {
  const found = FAMILIES.findIndex(({ kinds }) => kinds.includes(kind));
  return found < 0 ? FAMILIES.length - 1 : found;
}

/** Those of sorted spans that overlap made one: {…the first, start, end, row, members}. */
export function united(spans) {
  const made = [];
  for (const span of spans) {
    const last = made.at(-1);
    if (last && span.start < last.end) {
      last.end = Math.max(last.end, span.end);
      last.members.push(span);
    } else {
      made.push({ ...span, end: span.end ?? Infinity, members: [span] });
    }
  }
  return made.map((one) => ({ ...one, end: one.end === Infinity ? null : one.end }));
}

/** The lane of findings: {spans with their row, lines}, only families that the record has. */
export function laneOfFindings(spans) {
  const used = FAMILIES.map((_, family) => spans.filter(({ finding }) => familyOf(finding) === family)).filter((own) => own.length);
  return { lines: used.length, spans: used.flatMap((own, row) => united(own).map((span) => ({ ...span, row }))) };
}
