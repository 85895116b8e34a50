// `package.json`, the README and the code say the same.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import manifest from "../package.json";
import { COMMANDS } from "../src/core/commands";
import { AS_THE_CLUSTER, DEFAULTS, NEED_RESTART, READ_BY_LIBRARY, RELEASES } from "../src/core/settings";
import { required } from "./kun";

interface Property {
  type: string;
  default: unknown;
  enum?: string[];
  order: number;
  markdownDescription: string;
}

const root = required("KUN_VSCODE");
const readme = readFileSync(join(root, "README.md"), "utf8");
const properties: Record<string, Property> = manifest.contributes.configuration.properties;

test("every command of the manifest does something, and the other way round", () => {
  const named = manifest.contributes.commands.map((it) => it.command);
  assert.deepEqual(named.sort(), Object.keys(COMMANDS).sort());
  for (const entries of Object.values(manifest.contributes.menus)) {
    for (const { command } of entries) assert.ok(command in COMMANDS, command);
  }
});

test("the walkthrough leads to commands and texts that are there", () => {
  for (const { steps } of manifest.contributes.walkthroughs) {
    for (const { description, media, completionEvents } of steps) {
      assert.ok(readFileSync(join(root, media.markdown), "utf8").length > 0);
      const events = completionEvents.map((it) => it.replace("onCommand:", ""));
      const linked = [...description.matchAll(/command:([\w.]+)/g)].map(([, name]) => name ?? "");
      for (const command of [...events, ...linked]) assert.ok(command in COMMANDS, command);
    }
  }
});

test("every setting of the manifest is read, with the same default", () => {
  const read = Object.keys(DEFAULTS).concat(READ_BY_LIBRARY).map((name) => `kun.${name}`);
  assert.deepEqual(Object.keys(properties).sort(), read.sort());
  for (const [name, value] of Object.entries(DEFAULTS)) {
    assert.deepEqual(properties[`kun.${name}`]?.default, value, name);
  }
  assert.deepEqual(properties["kun.release"]?.enum, [AS_THE_CLUSTER, ...[...RELEASES].reverse()]);
  for (const name of NEED_RESTART) assert.ok(name in DEFAULTS);
});

test("the README tells every command and every setting as the manifest does", () => {
  const rows = Object.entries(properties)
    .sort(([, a], [, b]) => a.order - b.order)
    .map(([name, { default: value, markdownDescription }]) => {
      const shown = value === "" ? "" : `\`${JSON.stringify(value)}\``;
      return `| \`${name}\` | ${shown} | ${markdownDescription.replace(/`#([^`]+)#`/g, "`$1`")} |`;
    });
  const table = ["| setting | default | meaning |", "|---|---|---|", ...rows].join("\n");
  assert.ok(readme.includes(table), `the README should hold:\n${table}`);
  for (const { category, title } of manifest.contributes.commands) {
    assert.ok(readme.includes(`| **${category}: ${title}** |`), title);
  }
});

test("what commands decide knows nothing of VS Code", () => {
  for (const name of readdirSync(join(root, "src/core"))) {
    const text = readFileSync(join(root, "src/core", name), "utf8");
    assert.doesNotMatch(text, /from "(vscode|node:)/, name);
  }
});

test("the extension has the version and license of the project", () => {
  const cargo = readFileSync(join(root, "../../Cargo.toml"), "utf8");
  assert.equal(manifest.version, /^version = "(.+)"$/m.exec(cargo)?.[1]);
  assert.equal(manifest.license, /^license = "(.+)"$/m.exec(cargo)?.[1]);
});
