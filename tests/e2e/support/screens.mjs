// What the tests of pages share: requests as the person who is signed in, and what axe says.

import { readFile } from "node:fs/promises";

const axe = await readFile(new URL("../../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
const SET = "/api/projects/demo/sets/web";

/** Asks the API from within a page, as the person who is signed in there. */
export function api(page, method, path, body) {
  return page.evaluate(
    async ([method, path, body]) => {
      const headers = { "Content-Type": "application/json" };
      const answer = await fetch(path, { method, headers, body });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
      return text === "" ? null : JSON.parse(text);
    },
    [method, path, body && JSON.stringify(body)],
  );
}

/** The files of a version of the example. */
export async function files(page, version) {
  return (await api(page, "GET", `${SET}/versions/${version}`)).files;
}

/** Stores a version of the example. */
export function push(page, name, files, more = {}) {
  return api(page, "POST", `${SET}/versions`, { name, files, ...more });
}

/** Starts a deploy of the example, and returns its id. */
export async function deploy(page, version, environment, options = {}) {
  return (await api(page, "POST", `${SET}/deploys`, { version, environment, options })).id;
}

/** Starts a deploy of the example, and returns it once it has ended. */
export async function deployed(page, version, environment, options = {}) {
  const id = await deploy(page, version, environment, options);
  return page.evaluate(
    (id) =>
      new Promise((resolve) => {
        const events = new EventSource(`/api/deploys/${id}/events`);
        events.onmessage = ({ data }) => {
          const { job } = JSON.parse(data);
          if (!["succeeded", "failed", "cancelled"].includes(job?.state)) return;
          events.close();
          resolve(job);
        };
      }),
    id,
  );
}

/** What axe finds that is serious or worse. */
export async function faults(page) {
  await page.evaluate(axe);
  const violations = await page.evaluate(async () => {
    const { violations } = await globalThis.axe.run(document, { resultTypes: ["violations"] });
    return violations.map(({ impact, id, nodes }) => [impact, `${id}: ${nodes.map((it) => it.target)}`]);
  });
  return violations.filter(([impact]) => ["serious", "critical"].includes(impact)).map(([, it]) => it);
}

/** Whether something is wider than the window. */
export function isTooWide(page) {
  return page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
}
