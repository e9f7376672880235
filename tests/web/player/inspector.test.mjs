import assert from "node:assert/strict";
import test from "node:test";
import { catalogueOf } from "../../../web/player/src/catalogue.js";
import { alarmsOf, belongingsOf, parametersOf, readersOf, serialOf } from "../../../web/player/src/ui/inspector/find.js";

const MANIFEST = {
  tables: {
    plant: [
      { name: "shuttle.yaw.pv_position_rad", type: "real", unit: "rad" },
      { name: "rack.slot1.pv_pack_serial", type: "enum", labels: { 0: "none", 1: "QJ75-0001" } },
      { name: "rack.slot2.pv_pack_serial", type: "enum", labels: { 0: "none", 1: "QJ75-0001" } },
    ],
  },
  assets: {
    assets: { "robots/r": { text: { en: "Rail shuttle" }, grade: "", parameters: { "axes.yaw.force": { value: 4000, unit: "N·m", source: "a book" } } } },
    devices: { "shuttle.yaw": { asset: "robots/r", text: {}, parameters: ["axes.yaw.force"] } },
    parts: { "shuttle.turntable/turntable": { asset: "robots/r", devices: ["shuttle.yaw", "shuttle.gone"] } },
  },
};
const CATALOGUE = catalogueOf(MANIFEST);

test("a part has its asset, its devices and their parameters with source", () => {
  const found = belongingsOf({ frame: "shuttle.turntable", name: "turntable" }, MANIFEST.assets, CATALOGUE);
  assert.equal(found.asset.id, "robots/r");
  assert.deepEqual(found.devices, ["shuttle.yaw"]);
  assert.deepEqual(parametersOf("shuttle.yaw", MANIFEST.assets), [{ key: "axes.yaw.force", value: 4000, unit: "N·m", source: "a book" }]);
});

test("a record that says nothing of its parts has at most a device of the same name", () => {
  assert.deepEqual(belongingsOf({ frame: "shuttle.yaw", name: "table" }, null, CATALOGUE), { asset: null, devices: ["shuttle.yaw"] });
  assert.deepEqual(belongingsOf({ frame: "truck0.chassis", name: "chassis" }, null, CATALOGUE).devices, []);
  assert.deepEqual(parametersOf("shuttle.yaw", null), []);
});

test("a pack is found where its serial is read", () => {
  assert.equal(serialOf("pack.QJ75-0001"), "QJ75-0001");
  assert.equal(serialOf("shuttle.lift"), null);
  assert.deepEqual(readersOf("QJ75-0001", CATALOGUE).map(({ signal, value }) => [signal.device, value]), [["rack.slot1", 1], ["rack.slot2", 1]]);
  assert.deepEqual(readersOf("QJ75-0002", CATALOGUE), []);
});

test("alarms belong to the device in their name", () => {
  const entries = ["shuttle.yaw.alm_x", "shuttle.yaw2.alm_x", "rack.slot1.alm_y", "shuttle.yaw.alm_z"].map((name) => ({ kind: "alarm", name }));
  assert.deepEqual(alarmsOf(["shuttle.yaw"], entries).map(({ name }) => name), ["shuttle.yaw.alm_z", "shuttle.yaw.alm_x"]);
});
