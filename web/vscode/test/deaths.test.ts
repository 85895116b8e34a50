// A language server that dies is started anew, but not for ever.
import assert from "node:assert/strict";
import { test } from "node:test";

import { Deaths } from "../src/core/deaths";

test("the fifth death within three minutes is one too many", () => {
  const deaths = new Deaths();
  for (const at of [0, 1, 2, 3]) assert.equal(deaths.add(at), undefined);
  assert.match(deaths.add(4) ?? "", /died 5 times in 3 minutes/);
});

test("deaths of long ago do not count", () => {
  const deaths = new Deaths();
  for (let at = 0; at < 1_000_000; at += 60_000) assert.equal(deaths.add(at), undefined);
});

test("a person's wish starts the count anew", () => {
  const deaths = new Deaths();
  for (const at of [0, 1, 2, 3]) deaths.add(at);
  deaths.forget();
  assert.equal(deaths.add(4), undefined);
});
