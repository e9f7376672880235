// Findings about a log's data on the timeline: lines for each family, and what overlaps in one stream as one.

/** Families of findings, and how many lines each may take: streams that overlap stand one below the other. */
export const FAMILIES = [
  { name: "missing", lines: 4, kinds: ["gap", "frozen"] },
  {
    name: "values",
    lines: 1,
    kinds: ["bad_quality", "out_of_range", "impossible_step", "no_number", "rounded", "changed_meaning", "conflict"],
  },
  { name: "packs", lines: 1, kinds: ["pack_nowhere", "pack_twice", "pack_appeared"] },
  { name: "stamps", lines: 1, kinds: ["clock_set", "backward", "duplicate", "skew", "server_clock"] },
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
      last.end = Math.max(last.end, span.end ?? Infinity);
      last.members.push(...(span.members ?? [span]));
    } else {
      made.push({ ...span, end: span.end ?? Infinity, members: [...(span.members ?? [span])] });
    }
  }
  return made.map((one) => ({ ...one, end: one.end === Infinity ? null : one.end }));
}

/** The lane of findings: {spans with their row, lines}, only families that the record has. */
export function laneOfFindings(spans) {
  const lane = { lines: 0, spans: [] };
  FAMILIES.forEach(({ lines }, family) => {
    const own = spans.filter(({ finding }) => familyOf(finding) === family);
    const rows = rowsOf(own, lines);
    rows.forEach((row, i) => lane.spans.push(...row.map((span) => ({ ...span, row: lane.lines + i }))));
    lane.lines += rows.length;
  });
  return lane;
}

const streamOf = ({ subject = "" }) => subject.split("/", 1)[0];
const byStart = (a, b) => a.start - b.start;

/** Spans in at most so many rows; what fits into none is made one with what it overlaps in the last. */
function rowsOf(spans, most) {
  const streams = [...new Set(spans.map(streamOf))];
  const whole = streams.flatMap((stream) => united(spans.filter((span) => streamOf(span) === stream))).sort(byStart);
  const rows = [];
  const left = [];
  for (const span of whole) {
    const row = rows.find((one) => (one.at(-1).end ?? Infinity) <= span.start);
    if (row) row.push(span);
    else if (rows.length < most) rows.push([span]);
    else left.push(span);
  }
  if (left.length) rows[most - 1] = united([...rows[most - 1], ...left].sort(byStart));
  return rows;
}
