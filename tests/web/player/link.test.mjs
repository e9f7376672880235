import assert from "node:assert/strict";
import test from "node:test";
import { linkTo, readLink, takeLink } from "../../../web/player/src/link.js";

const storage = (kept = {}) => ({ getItem: (key) => kept[key] ?? null, removeItem: (key) => delete kept[key], kept });
const LOOK = { log: "换电 #3", identity: "ab12", t: 43.42e9, panels: ["plots"], plotted: ["a.b.pv_x_m"], condition: "a.b.st_y & 100 %" };

test("a link reads back as what was looked at, and lets its reader in", () => {
  const href = linkTo(LOOK, { href: "http://127.0.0.1:8470/index.html#old", session: storage({ "swaptwin.secret": "s3cret" }) });
  const url = new URL(href);
  assert.equal(url.searchParams.get("secret"), "s3cret");
  assert.deepEqual(readLink(url.hash), LOOK);
});

test("it is taken once, out of the address or of what this tab kept", () => {
  const hash = new URL(linkTo(LOOK, { href: "http://x/", session: storage() })).hash;
  const replaced = [];
  const history = { replaceState: (...args) => replaced.push(args[2]) };
  assert.deepEqual(takeLink({ location: { hash, href: `http://x/${hash}` }, history, session: storage() }), LOOK);
  assert.deepEqual(replaced, ["http://x/"]);
  const session = storage({ "swaptwin.link": hash });
  assert.deepEqual(takeLink({ location: { hash: "", href: "http://x/" }, history, session }), LOOK);
  assert.equal(takeLink({ location: { hash: "", href: "http://x/" }, history, session }), null);
});

test("the short link says seconds since the start, and in which language", () => {
  assert.deepEqual(readLink("#t=83.2&lang=zh"), { since_s: 83.2, language: "zh", other: null });
  assert.equal(readLink("#t=83.2&with=swap-branch").other, "swap-branch");
  assert.deepEqual(readLink("#t=0"), { since_s: 0, language: null, other: null });
  const location = { hash: "#t=1", href: "file:///page.html#t=1" };
  assert.equal(takeLink({ location, history: null, session: storage() }).since_s, 1, "it stays in the address: it holds no secret");
});

test("what is no link, or a broken one, leads nowhere", () => {
  for (const hash of ["", "#", "#look=", "#look=%7B", "#look=%E0", "#look=null", "#t=", "#t=x", "#t=1e999", `#look=${encodeURIComponent('{"log": 3, "t": 1}')}`])
    assert.equal(readLink(hash), null, hash);
});
