// What is read has the contrast that WCAG asks for, in every theme: AA, and AAA in high contrast.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

const sheet = await readFile(
  new URL("../../editor-wasm/styles/00-tokens.css", import.meta.url),
  "utf8",
);

const TEXT = ["text", "text-quiet", "text-faint", "accent"];
const STATES = ["healthy", "progressing", "waiting", "degraded", "failed"];
const SURFACES = ["surface", "surface-raised", "surface-sunken", "surface-hover", "surface-selected"];
const CODE = ["text", "key", "string", "number", "keyword", "comment", "anchor", "punctuation"];
const BEHIND_CODE = ["surface", "code-line", "code-selection", "code-match", "code-match-current"];

const pairs = [
  ...[...TEXT, ...STATES].flatMap((text) => SURFACES.map((behind) => [text, behind])),
  ...CODE.flatMap((text) => BEHIND_CODE.map((behind) => [`code-${text}`, behind])),
  ["code-gutter", "surface"],
  ["on-accent", "accent"],
  ["on-accent", "accent-hover"],
  ["text", "added"],
  ["text", "removed"],
];

const both = [...sheet.matchAll(/--([\w-]+): light-dark\((#\w+), (#\w+)\)/g)];
const light = Object.fromEntries(both.map(([, name, color]) => [name, color]));
const dark = Object.fromEntries(both.map(([, name, , color]) => [name, color]));
const sharp = sheet.slice(sheet.indexOf('[data-theme="contrast"]'));
const contrast = {
  ...dark,
  ...Object.fromEntries([...sharp.matchAll(/--([\w-]+): (#\w+)/g)].map(([, name, it]) => [name, it])),
};

for (const [theme, colors, wanted] of [
  ["light", light, 4.5],
  ["dark", dark, 4.5],
  ["high contrast", contrast, 7],
]) {
  test(`text is readable in the ${theme} theme`, () => {
    const faults = pairs
      .map(([text, behind]) => [text, behind, ratio(colors[text], colors[behind])])
      .filter(([, , found]) => !(found >= wanted))
      .map(([text, behind, found]) => `${text} on ${behind}: ${found.toFixed(2)}`);
    assert.deepEqual(faults, []);
  });
}

function ratio(text, behind) {
  const [low, high] = [luminance(text), luminance(behind)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

function luminance(color) {
  const channels = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16) / 255);
  const linear = channels.map((it) => (it <= 0.03928 ? it / 12.92 : ((it + 0.055) / 1.055) ** 2.4));
  return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
}
