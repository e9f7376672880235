import assert from "node:assert/strict";
import test from "node:test";
import { FAMILIES, familyOf, laneOfFindings, united } from "../../../web/player/src/findings.js";
import { lanesOf } from "../../../web/player/src/lanes.js";
import kinds from "../../../assets/findings.json" with { type: "json" };

const span = (start, end, finding = "gap") => ({ start, end, finding });

test("what overlaps is one, and knows of what it is made", () => {
  const made = united([span(0, 5), span(3, 8), span(8, 9), span(8, 8), span(20, null), span(30, 31)]);
  assert.deepEqual(made.map(({ start, end, members }) => [start, end, members.length]), [[0, 8, 2], [8, 9, 2], [20, null, 2]]);
});

test("streams that overlap stand one below the other, as long as there is room", () => {
  const of = (subject, start, end) => ({ ...span(start, end), subject });
  const { lines, spans } = laneOfFindings([of("a/x", 0, 10), of("b", 2, 8), of("a/y", 5, 12), of("b", 20, 21)]);
  assert.equal(lines, 2);
  assert.deepEqual(spans.map(({ subject, start, end, row }) => [subject, start, end, row]), [["a/x", 0, 12, 0], ["b", 20, 21, 0], ["b", 2, 8, 1]]);
  const crowd = laneOfFindings(Array.from({ length: 9 }, (_, i) => of(`s${i}`, i, 100 + i)));
  assert.equal(crowd.lines, 4);
  assert.equal(crowd.spans.reduce((sum, { members }) => sum + members.length, 0), 9);
});

test("a line for each family that there is, however many findings", () => {
  const many = Array.from({ length: 500 }, (_, i) => span(10 * i, 10 * i + 15, i % 2 ? "gap" : "out_of_range")).sort((a, b) => a.start - b.start);
  const { lines, spans } = laneOfFindings([...many, span(6000, 6001, "a_kind_of_tomorrow")]);
  assert.equal(lines, 3);
  assert.deepEqual([...new Set(spans.map(({ row }) => row))], [0, 1, 2]);
  assert.equal(spans.reduce((sum, { members }) => sum + members.length, 0), 501);
  assert.equal(laneOfFindings([]).lines, 0);
});

test("every kind that stands on a timeline has its family", () => {
  const NOT_IN_TIME = ["stray_stamp", "missing_tag", "time_format", "unordered"];
  const known = FAMILIES.flatMap((family) => family.kinds);
  assert.deepEqual(Object.keys(kinds).filter((kind) => !known.includes(kind)).sort(), NOT_IN_TIME.sort());
  assert.equal(familyOf("nothing we know"), FAMILIES.length - 1);
});

test("findings of an instant are there too, and those nobody wants are not", () => {
  const event = (t_ns, finding, edge) => ({ t_ns, kind: "data", name: `${finding} s 1`, message: "", data: { finding, subject: "s", ...(edge && { edge }) } });
  const events = [event(1, "gap", "start"), event(2, "clock_set"), event(5, "gap", "end")];
  assert.deepEqual(lanesOf(events).data.map(({ finding, start, end }) => [finding, start, end]), [["gap", 1, 5], ["clock_set", 2, 2]]);
  const { data, times } = lanesOf(events, new Set(["gap"]));
  assert.deepEqual(data.map(({ finding }) => finding), ["clock_set"]);
  assert.deepEqual([...times], [2]);
});
