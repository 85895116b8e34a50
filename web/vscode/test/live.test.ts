// How objects do in an environment, from the sandbox over the server to the language server.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { signIn } from "../src/core/account";
import { Api } from "../src/core/api";
import { type DeployedNotice, DeployedVersion } from "../src/core/deployed";
import { LiveState, type ObjectLens } from "../src/core/live";
import { Desk } from "./desk";
import { type Kun, startKun } from "./kun";

const SET = { project: "demo", set: "web" };
const CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: words}\ndata: {greeting: hello}\n";

let kun: Kun;
const desk = new Desk();
const told: ObjectLens[][] = [];
const compared: DeployedNotice[] = [];
const live = new LiveState(
  desk.place(),
  async ({ lenses }) => void told.push(lenses),
  new DeployedVersion(async (notice) => void compared.push(notice)),
);

before(async () => {
  kun = await startKun();
  await desk.run(signIn, kun.url, kun.signInLink);
});
after(() => kun.stop());

test("where no environment is chosen nothing is asked and nothing told", async () => {
  await live.look();
  assert.deepEqual([told, compared], [[], []]);
  assert.equal(live.failure, undefined);
});

test("what was deployed is told once, and again where it has changed", async () => {
  Object.assign(desk.chosen, {
    "backend.project": "demo",
    "backend.resourceSet": "web",
    "backend.environment": "dev",
  });
  await deploy("v2", CONFIG);
  await live.look();
  await live.look();
  const title = "● dev v2 healthy: it is applied";
  const lens = { kind: "ConfigMap", namespace: "demo-dev", name: "words", title, command: "kun.open" };
  assert.deepEqual(told, [[lens]]);
  assert.deepEqual(compared, [{ name: "version v2 in dev", texts: [CONFIG] }]);

  await deploy("v3", CONFIG.replace("hello", "hi"));
  await live.look();
  assert.deepEqual(told.at(-1)?.map((it) => it.title), ["● dev v3 healthy: it is applied"]);
  assert.equal(compared.at(-1)?.name, "version v3 in dev");
});

test("a server that starts anew is told again", async () => {
  await live.restarted();
  assert.deepEqual([told.length, compared.length], [3, 3]);
});

test("what cannot be read is not shown as if it were so now", async () => {
  desk.chosen["backend.environment"] = "moon";
  await live.look();
  assert.deepEqual(told.at(-1), []);
  assert.match(live.failure ?? "", /moon/);
  desk.chosen["backend.environment"] = "dev";
});

test("who wants no lenses sees none", async () => {
  await live.look();
  desk.chosen.codeLenses = false;
  await live.look();
  assert.deepEqual(told.at(-1), []);
  assert.equal(compared.length, 3);
});

test("where no environment is chosen any more, nothing is compared", async () => {
  desk.chosen["backend.environment"] = "";
  await live.look();
  assert.deepEqual(compared.at(-1), { name: null, texts: [] });
});

async function deploy(version: string, text: string): Promise<void> {
  const api = new Api(kun.url, desk.kept.get(`token ${kun.url}`) ?? "");
  await api.push(SET, { name: version, files: { "app.yaml": text } });
  const options = { prune: false, force_conflicts: false };
  const wish = { version, environment: "dev", options };
  const { id: preview } = await api.preview(SET, wish);
  const { id } = await api.deploy(SET, { ...wish, preview });
  let state = "";
  for await (const event of api.follow(id)) if ("job" in event) ({ state } = event.job);
  assert.equal(state, "succeeded");
}
