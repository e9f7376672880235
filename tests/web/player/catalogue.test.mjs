import assert from "node:assert/strict";
import test from "node:test";
import { catalogueOf, qualityOf, rowsOf } from "../../../web/player/src/catalogue.js";

const HEIGHT = { name: "shuttle.lift.pv_position_m", type: "real", unit: "m", text: { en: "encoder position", zh: "编码器位置" } };
const TRUTH = { name: "shuttle.lift.gt_position_m", type: "real", unit: "m", text: { en: "true position", zh: "真实位置" } };
const TARGET = { name: "shuttle.lift.sp_position_m", type: "real", unit: "m", text: { en: "target position", zh: "目标位置" } };
const SPEED = { name: "shuttle.lift.par_max_speed_m_s", type: "real", unit: "m/s" };
const STATE = { name: "station.unit.seq_state", type: "enum", unit: "", labels: { 4: "Execute" } };

const MANIFEST = {
  tables: { plant: [HEIGHT], controller: [TARGET, STATE], truth: [TRUTH], parameter: [SPEED] },
  assets: {
    assets: { "robots/r": { parameters: { "axes.lift.max_speed": { confidence: "EE" } } } },
    devices: { "shuttle.lift": { asset: "robots/r", text: { en: "Linear axis", zh: "直线轴" }, parameters: ["axes.lift.max_speed"] } },
  },
};

const found = (query, options = {}) => rowsOf(catalogueOf(MANIFEST), { query, ...options }).filter(({ kind }) => kind === "signal").map(({ key }) => key);

test("a signal is found by its name, by English and by Chinese words, of its own and of its device and area", () => {
  assert.deepEqual(found("lift.pv_pos"), [HEIGHT.name]);
  assert.deepEqual(found("Encoder POSITION"), [HEIGHT.name]);
  assert.deepEqual(found("编码器"), [HEIGHT.name]);
  assert.equal(found("直线轴").length, 4);
  assert.deepEqual(found("换电站"), [STATE.name]);
  assert.deepEqual(found("position true"), [TRUTH.name]);
  assert.deepEqual(found("polish"), []);
});

test("the tree shows what is open", () => {
  const catalogue = catalogueOf(MANIFEST);
  assert.deepEqual(rowsOf(catalogue).map(({ key }) => key), ["shuttle", "station"]);
  const open = rowsOf(catalogue, { open: new Set(["shuttle", "shuttle.lift"]) }).map(({ key }) => key);
  assert.deepEqual(open, ["shuttle", "shuttle.lift", HEIGHT.name, TRUTH.name, TARGET.name, SPEED.name, "station"]);
  assert.deepEqual(found("", { only: new Set([STATE.name]) }), [STATE.name]);
});

test("what is measured has its truth, a target has none", () => {
  assert.deepEqual([...catalogueOf(MANIFEST).truths], [[HEIGHT.name, TRUTH.name]]);
});

test("the quality of a value is told", () => {
  const catalogue = catalogueOf(MANIFEST);
  const signal = (name) => catalogue.signals.get(name);
  assert.equal(qualityOf(catalogue, signal(HEIGHT.name), undefined), "loading");
  assert.equal(qualityOf(catalogue, signal(HEIGHT.name), { value: NaN, held: false }), "missing");
  assert.equal(qualityOf(catalogue, signal(HEIGHT.name), { value: 1, held: true }), "held");
  assert.equal(qualityOf(catalogue, signal(HEIGHT.name), { value: 1, held: false }), "");
  assert.equal(qualityOf(catalogue, signal(TRUTH.name), { value: 1, held: false }), "truth");
  assert.equal(qualityOf(catalogue, signal(SPEED.name), { value: 1, held: true }), "estimated");
});

test("ten thousand signals are searched at once", () => {
  const list = Array.from({ length: 10_000 }, (_, i) => ({ name: `area${i % 20}.device${i % 500}.pv_value${i}_m`, type: "real", unit: "m" }));
  const catalogue = catalogueOf({ tables: { plant: list } });
  rowsOf(catalogue, { query: "warm" });
  const began = performance.now();
  assert.equal(rowsOf(catalogue, { query: "value9999_" }).length, 3);
  assert.ok(performance.now() - began < 500);
});

test("a signal is found by what its log called it, and by part of a comment", () => {
  const entry = { name: "log.plc.pv_x100", type: "real", unit: "", source: "plc/DB12.举升位置", text: { zh: "举升机构实际位置" } };
  const catalogue = catalogueOf({ tables: { t: [entry, { ...entry, name: "log.plc.raw_x100", text: {} }, { name: "a.b.pv_c", type: "real", unit: "" }] } });
  const found = (query) => rowsOf(catalogue, { query }).filter(({ kind }) => kind === "signal").map(({ key }) => key);
  assert.deepEqual(found("升位"), ["log.plc.pv_x100", "log.plc.raw_x100"]);
  assert.deepEqual(found("机构实际"), ["log.plc.pv_x100"]);
  assert.deepEqual(found("db12"), ["log.plc.pv_x100", "log.plc.raw_x100"]);
  assert.equal(catalogue.sources.get("plc/DB12.举升位置").name, "log.plc.pv_x100");
});
