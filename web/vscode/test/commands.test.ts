// Commands as a person uses them, against the real server with its sandbox.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Api } from "../src/core/api";
import { COMMANDS } from "../src/core/commands";
import type { Workplace } from "../src/core/ui";
import { Desk } from "./desk";
import { type Kun, startKun } from "./kun";

let kun: Kun;
const desk = new Desk();

before(async () => {
  kun = await startKun();
});
after(() => kun.stop());

const command = (name: string) => async (place: Workplace) => COMMANDS[`kun.${name}`]?.(place);
const [signIn, push, deploy] = ["signIn", "push", "deploy"].map(command) as [
  ReturnType<typeof command>,
  ReturnType<typeof command>,
  ReturnType<typeof command>,
];
const api = () => new Api(kun.url, desk.kept.get(`token ${kun.url}`) ?? "");
const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  replicas: 2
  selector:
    matchLabels: {app: shop}
  template:
    metadata:
      labels: {app: shop}
    spec:
      containers:
        - name: shop
          image: registry.example.com/shop:1
          resources: {limits: {memory: 64Mi}}
`;

test("a person signs in with the printed link, and only once", async () => {
  const seen = await desk.run(signIn, kun.url, kun.signInLink);
  assert.equal(seen[0], "ask KUN: Address of the KUN server [https://]");
  assert.equal(seen.at(-1), `info: Signed in to ${kun.url} as ada.`);
  assert.equal(desk.chosen["backend.url"], kun.url);
  assert.match(desk.kept.get(`token ${kun.url}`) ?? "", /^kun_/);

  const other = new Desk();
  other.chosen["backend.url"] = kun.url;
  await assert.rejects(other.run(signIn, "", kun.signInLink), /was used already/);
  await assert.rejects(other.run(signIn, "", "kun_wrong"), /does not know this token/);
  assert.equal(other.kept.size, 0);
});

test("another server is signed in to by the same question", async () => {
  const other = new Desk();
  other.chosen["backend.url"] = "https://kun.example.com";
  const seen = await other.run(signIn, kun.url, undefined);
  assert.equal(seen[0], "ask KUN: Address of the KUN server [https://kun.example.com]");
  assert.match(seen[1] ?? "", new RegExp(`^ask Sign in to ${kun.url}: `));
  assert.equal(other.chosen["backend.url"], kun.url);
});

test("a token or link of somewhere else is sent nowhere", async () => {
  const other = new Desk();
  other.chosen["backend.url"] = kun.url;
  const seen = await other.run(signIn, "", "https://evil.example.com/login?token=abc");
  assert.equal(seen.at(-1), `wrong: This link is of https://evil.example.com, not of ${kun.url}.`);
  assert.match((await other.run(signIn, "", "secret")).at(-1) ?? "", /^wrong: A token starts with/);
});

test("a refusal marks the places in the files", async () => {
  desk.files = { "app.yaml": DEPLOYMENT.replace("replicas", "replcas") };
  const seen = await desk.run(push, "k8s", "web", "v9", "Show Problems");
  assert.deepEqual(seen, [
    "pick What to push: k8s",
    "pick Resource set of demo: web, $(add) New resource set…",
    "ask Push 1 file to demo/web: Name of the version, whose files never change [v1-edit.1]",
    "error: The server refused the version: 1 place in it must be mended. [Show Problems]",
    "problems",
  ]);
  assert.deepEqual(desk.problems, [
    {
      uri: "file:///k8s/app.yaml",
      line: 5,
      start: 2,
      end: 9,
      message: "unknown field `replcas` in Deployment.spec; did you mean `replicas`?",
      code: "unknown-field",
      isError: true,
    },
  ]);
});

test("what is pushed is deployed from there, with its preview before and its log after", async () => {
  desk.files = { "app.yaml": DEPLOYMENT };
  desk.checkout = { branch: "dev", commit: "1a2b3c4d5e6f", isClean: true };
  const answers = ["Deploy…", "dev", [], "$(rocket) Deploy dev-1a2b3c4d to dev", "Open in KUN"];
  const seen = await desk.run(push, "k8s", "web", "", ...answers);
  const shown = seen.slice(2).map((line) => line.replace(/deploys\/.*/, "deploys/…"));
  assert.deepEqual(shown, [
    "ask Push 1 file to demo/web: Name of the version, whose files never change [dev-1a2b3c4d]",
    "info: Pushed demo/web dev-1a2b3c4d (1 object). [Deploy…] [Open in KUN]",
    "pick Environment of demo: dev, prod",
    "pick Deploy dev-1a2b3c4d to dev: options",
    "show dev-1a2b3c4d to dev.diff",
    "pick Deploy dev-1a2b3c4d to dev? It would create 1 object.: " +
      "$(rocket) Deploy dev-1a2b3c4d to dev, $(close) Leave it as it is",
    "log",
    "info: Deployed demo/web dev-1a2b3c4d to dev: its object is ready [Open in KUN] [Show Log]",
    `open ${kun.url}/deploys/…`,
  ]);
  assert.match(desk.shown, /^# demo\/web dev-1a2b3c4d to dev \(cluster sandbox, namespace demo-dev\)/);
  assert.match(desk.shown, /^\+ Deployment\/shop {2}in demo-dev$/m);
  assert.equal(desk.log[0], "Deploying demo/web dev-1a2b3c4d to dev as ada");
  assert.match(desk.log.join("\n"), /\d\d:\d\d:\d\d Deployment\/shop: 2 replicas available/);
  const [version] = await api().versions({ project: "demo", set: "web" });
  assert.equal(version?.provenance.git_ref, "dev");
  assert.deepEqual(desk.problems, [], "what was mended is marked no more");
});

test("a name with other content is asked for again, the same content is there already", async () => {
  const again = await desk.run(push, "k8s", "web", "dev-1a2b3c4d", undefined);
  assert.match(again.at(-1) ?? "", /^info: demo\/web dev-1a2b3c4d was there already, the same\./);

  desk.files = { "app.yaml": DEPLOYMENT.replace("replicas: 2", "replicas: 3") };
  const other = await desk.run(push, "k8s", "web", "dev-1a2b3c4d", "", undefined);
  assert.match(other.at(-2) ?? "", /^ask .*: .*dev-1a2b3c4d.* \[dev-1a2b3c4d-edit\.1\]$/);
  assert.match(other.at(-1) ?? "", /^info: Pushed demo\/web dev-1a2b3c4d-edit\.1 \(1 object\)\./);
});

test("a deploy that a person does not agree to is none", async () => {
  const seen = await desk.run(deploy, "dev-1a2b3c4d-edit.1", "dev", [], undefined);
  assert.match(seen.at(-1) ?? "", /^pick Deploy .*\? It would change 1 object\./);
  assert.match(desk.shown, /^- {5}spec\.replicas: 2\n\+ {5}spec\.replicas: 3$/m);
  assert.equal(desk.log.filter((line) => line.startsWith("Deploying")).length, 1);
});

test("what the settings name is not asked", async () => {
  Object.assign(desk.chosen, {
    "backend.project": "demo",
    "backend.resourceSet": "web",
    "backend.environment": "prod",
  });
  const seen = await desk.run(deploy, "v1", undefined);
  assert.deepEqual(seen.map((line) => line.split(":")[0]), [
    "pick Version of demo/web",
    "pick Deploy v1 to prod",
  ]);
  desk.chosen["backend.environment"] = "moon";
  await assert.rejects(desk.run(deploy, "v1"), /`kun.backend.environment` is `moon`, which is not there/);
  desk.chosen["backend.project"] = "nowhere";
  await assert.rejects(desk.run(deploy), /nowhere/);
  Object.assign(desk.chosen, {
    "backend.project": "",
    "backend.resourceSet": "",
    "backend.environment": "",
  });
});

test("a set is made where there is none to push to", async () => {
  const seen = await desk.run(push, "k8s", "$(add) New resource set…", "api", "v1", undefined);
  assert.match(seen.at(-1) ?? "", /^info: Pushed demo\/api v1 \(1 object\)\./);
});

test("a token that has ended is forgotten, and signing in is offered", async () => {
  desk.kept.set(`token ${kun.url}`, "kun_revoked");
  const seen = await desk.run(deploy, undefined);
  assert.equal(seen.at(-1), `error: ${kun.url} does not know you any more. [Sign In]`);
  assert.equal(desk.kept.size, 0);
});

test("a page of the server is opened without a token", async () => {
  const other = new Desk();
  assert.equal((await other.run(command("open"), kun.url)).at(-1), `open ${kun.url}/`);
  Object.assign(other.chosen, { "backend.project": "demo", "backend.resourceSet": "web" });
  assert.equal((await other.run(command("open"))).at(-1), `open ${kun.url}/p/demo/web`);
});

test("in a browser a token is asked for, and a server that is away may not allow the page", async () => {
  Object.assign(globalThis, { origin: "https://ide.example.com" });
  try {
    const other = new Desk();
    other.chosen["backend.url"] = kun.url;
    const [, asked, refused] = await other.run(signIn, "", kun.signInLink);
    assert.doesNotMatch(asked ?? "", /link/);
    assert.equal(refused, `wrong: Open the link in a tab, and make a token on ${kun.url}/account`);
    const away = "http://127.0.0.1:65530";
    const failed = other.run(signIn, away, "kun_token");
    await assert.rejects(failed, /started with `--allow-origin https:\/\/ide\.example\.com`/);
  } finally {
    Reflect.deleteProperty(globalThis, "origin");
  }
});

test("a release is chosen", async () => {
  const other = new Desk();
  await other.run(command("selectRelease"), "Kubernetes 1.35");
  assert.equal(other.chosen.release, "1.35");
});
