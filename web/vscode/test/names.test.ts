import assert from "node:assert/strict";
import { test } from "node:test";

import { slugFault, suggestedName, versionFault } from "../src/core/names";

const commit = "1a2b3c4d5e6f7a8b9c0d1a2b3c4d5e6f7a8b9c0d";
const clean = { commit, isClean: true };

test("a version is named after its tag, else after branch and commit", () => {
  assert.equal(suggestedName([], { ...clean, branch: "dev", tag: "v1.4.2" }), "v1.4.2");
  assert.equal(suggestedName([], { ...clean, branch: "dev" }), "dev-1a2b3c4d");
  assert.equal(suggestedName([], { ...clean, branch: "feature/7-naïve" }), "feature-7-na-ve-1a2b3c4d");
  assert.equal(suggestedName([], clean), "1a2b3c4d");
  assert.equal(suggestedName([], { ...clean, branch: "dev", tag: "no/version" }), "dev-1a2b3c4d");
});

test("files that are not those of the commit are an edit of it", () => {
  const dirty = { branch: "dev", commit, isClean: false };
  assert.equal(suggestedName([], dirty), "dev-1a2b3c4d-edit.1");
  assert.equal(suggestedName(["dev-1a2b3c4d-edit.1"], dirty), "dev-1a2b3c4d-edit.2");
});

test("a name that is taken is not suggested", () => {
  assert.equal(suggestedName(["v1"], { ...clean, tag: "v1" }), "v1-edit.1");
});

test("without a commit the newest version is followed", () => {
  assert.equal(suggestedName([]), "v1");
  assert.equal(suggestedName(["v1.4.2", "v1.4.1"]), "v1.4.2-edit.1");
  assert.equal(suggestedName(["v2-edit.9", "v2"]), "v2-edit.10");
  assert.equal(suggestedName(["v2-edit.2", "v2-edit.1", "v2"]), "v2-edit.3");
});

test("names that the server refuses are refused before it is asked", () => {
  for (const name of ["", ".", "a/b", "-a", "a-", "a..b", "é", "draft", "a".repeat(129)]) {
    assert.notEqual(versionFault(name), undefined, name);
  }
  for (const name of ["v1.4.2", "dev-1a2b3c4d", "V_2"]) assert.equal(versionFault(name), undefined);
  for (const name of ["Web", "a.b", "-a", "a".repeat(64)]) {
    assert.notEqual(slugFault(name), undefined, name);
  }
  assert.equal(slugFault("web-2"), undefined);
});
