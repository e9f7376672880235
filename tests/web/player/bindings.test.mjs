import assert from "node:assert/strict";
import test from "node:test";
import { Bindings, chargeColour, rgbOf } from "../../../web/player/src/bindings.js";

const RED = "#ff0000";
const DARK = "#202020";
const lamp = { frame: "station", part: "light", material: "lamp_red", otherwise: DARK };
const line = (is, above = {}) => ({ is, above, colour: RED });
const scale = [[0, "#000000"], [0.5, "#ff0000"], [1, "#ffffff"]];

const pack = {
  frame: "pack.A1", part: "pack", serial: "A1", material: "soc",
  charge: [
    { is: {}, above: {}, signal: "pack1.battery.gt_soc_frac", source: "truth" },
    { is: { "slot.pv_pack_serial": [1], "slot.st_connected": [1] }, above: {}, signal: "slot.pv_soc_frac", source: "measured" },
  ],
};
const packs = { lamps: [], packs: [pack], charge: { scale, unknown: "#808080" } };
const from = (values) => (name) => values[name];

test("a lamp takes the colour of the first line that holds, and says so once", () => {
  const bindings = new Bindings({ lamps: [{ ...lamp, lines: [line({ a: [1, 2] }, { w: 10 })] }] });
  assert.deepEqual(bindings.names, ["a", "w"]);
  assert.deepEqual(bindings.changes(from({ a: 2, w: 11 })), [
    { frame: "station", part: "light", material: "lamp_red", rgb: [1, 0, 0], lit: true },
  ]);
  assert.deepEqual(bindings.changes(from({ a: 1, w: 12 })), [], "it is red already");
  assert.deepEqual(bindings.changes(from({ a: 1, w: 10 }))[0].rgb, rgbOf(DARK));
  bindings.forget();
  assert.equal(bindings.changes(from({ a: 1, w: 10 })).length, 1);
});

test("what is not known yet changes nothing, what is missing does not hold", () => {
  const bindings = new Bindings({ lamps: [{ ...lamp, lines: [line({ a: [1] })] }] });
  assert.deepEqual(bindings.changes(from({})), []);
  assert.equal(bindings.changes(from({ a: NaN }))[0].lit, false);
});

test("a lamp that nothing is told of keeps its own colour", () => {
  const bindings = new Bindings({ lamps: [{ ...lamp, lines: [line({ a: [1] })], otherwise: null }] });
  assert.equal(bindings.changes(from({ a: 0 }))[0].rgb, null);
});

test("a pack's charge is the truth where there is one, and then nothing else is asked", () => {
  const bindings = new Bindings(packs);
  assert.deepEqual(bindings.names, ["pack1.battery.gt_soc_frac"]);
  const [change] = bindings.changes(from({ "pack1.battery.gt_soc_frac": 0.25 }));
  assert.deepEqual(change.charge, { frac: 0.25, source: "truth" });
  assert.deepEqual([change.frame, change.part, change.material], ["pack.A1", "pack", "soc"]);
  assert.deepEqual(change.rgb, [0.5, 0, 0]);
  assert.deepEqual(bindings.changes(from({ "pack1.battery.gt_soc_frac": 0.2501 })), [], "not a whole per cent");
});

test("without a truth it is what the slot measures while connected, else unknown", () => {
  const bindings = new Bindings(packs, (name) => !name.includes(".gt_"));
  const slot = { "slot.pv_pack_serial": 1, "slot.st_connected": 1, "slot.pv_soc_frac": 1 };
  assert.deepEqual(bindings.changes(from(slot))[0].charge, { frac: 1, source: "measured" });
  const [change] = bindings.changes(from({ ...slot, "slot.st_connected": 0 }));
  assert.deepEqual([change.charge, change.lit], [{ frac: null, source: "unknown" }, false]);
  assert.deepEqual(change.rgb, rgbOf("#808080"));
});

test("a record without bindings has none", () => {
  const bindings = new Bindings(null);
  assert.deepEqual([bindings.names, bindings.changes(from({})), bindings.labels], [[], [], []]);
});

test("charge is blended along its scale and stays within it", () => {
  assert.deepEqual(chargeColour(scale, 0.75), [1, 0.5, 0.5]);
  assert.deepEqual(chargeColour(scale, -1), [0, 0, 0]);
  assert.deepEqual(chargeColour(scale, 2), [1, 1, 1]);
});

test("a pack that is followed has the charge of the slot it stands in, and none where that is doubted", () => {
  const at = (place) => ({ place, is: { [`${place}.st_connected`]: [1] }, above: {}, signal: `${place}.pv_soc_frac`, source: "measured" });
  const body = { frame: "pack.1", part: "pack.1", material: "soc", charge: [at("s1"), at("s2")] };
  const bindings = new Bindings({ lamps: [], packs: [body], charge: { scale, unknown: "#808080" } });
  const value = from({ "s1.st_connected": 1, "s2.st_connected": 1, "s1.pv_soc_frac": 0.2, "s2.pv_soc_frac": 0.7 });
  const charge = (stand) => bindings.changes(value, () => stand)[0]?.charge;
  assert.deepEqual(bindings.labels, [], "nobody can tell its serial for all times");
  assert.equal(charge(undefined), undefined, "not here yet: nothing changes");
  assert.deepEqual(charge({ place: "s1", doubt: "" }), { frac: 0.2, source: "measured" });
  assert.deepEqual(charge({ place: "s2", doubt: "" }), { frac: 0.7, source: "measured" });
  assert.deepEqual(charge({ place: "fork", doubt: "" }), { frac: null, source: "unknown" });
  assert.deepEqual(charge({ place: "s1", doubt: "" }), { frac: 0.2, source: "measured" });
  assert.deepEqual(charge({ place: "s1", doubt: "seen in two places" }), { frac: null, source: "unknown" });
});
