// The kinds of a cluster, from the sandbox over the server to the language server.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { after, before, test } from "node:test";

import {
  createProtocolConnection,
  type ProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver-protocol/node";

import { signIn } from "../src/core/account";
import { Api } from "../src/core/api";
import {
  type ClusterNotice,
  ClusterSchemas,
  isTroubled,
  statusDetail,
  statusText,
} from "../src/core/cluster";
import { COMMANDS } from "../src/core/commands";
import { Desk } from "./desk";
import { type Kun, required, startKun } from "./kun";

const CRD = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: sails.shop.example.com
spec:
  group: shop.example.com
  scope: Namespaced
  names: {plural: sails, singular: sail, kind: Sail}
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec: {type: object, properties: {area: {type: integer}}}
`;
const SAIL = `apiVersion: shop.example.com/v1
kind: Sail
metadata:
  name: main
spec:
  aera: 3
`;

let kun: Kun;
let server: ProtocolConnection;
let stop: () => void;
const desk = new Desk();
const told: ClusterNotice[] = [];
const schemas = new ClusterSchemas(desk.place(), async (notice) => {
  told.push(notice);
  await server.sendNotification("kun/openapi", notice);
});
const textDocument = { uri: "untitled:sail.yaml" };

before(async () => {
  kun = await startKun();
  const child = spawn(required("KUN_LSP_BINARY"), { stdio: ["pipe", "pipe", "ignore"] });
  server = createProtocolConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  stop = () => child.kill();
  server.listen();
  const capabilities = { textDocument: { diagnostic: {} } };
  await server.sendRequest("initialize", { processId: null, rootUri: null, capabilities });
  await server.sendNotification("initialized", {});
  const document = { ...textDocument, languageId: "yaml", version: 1, text: SAIL };
  await server.sendNotification("textDocument/didOpen", { textDocument: document });
});
after(async () => {
  server.dispose();
  stop();
  await kun.stop();
});

/** Asks until the field of the cluster's kind is complained of, or no longer is. */
async function complains(wanted: boolean): Promise<boolean> {
  // What was told is read between two questions, a document at a time.
  for (let asked = 0; asked < 500; asked++) {
    if ((await codes()).includes("unknown-field") === wanted) return wanted;
  }
  return !wanted;
}

async function codes(): Promise<string[]> {
  const report = await server.sendRequest<{ items: { code: string }[] }>(
    "textDocument/diagnostic",
    { textDocument },
  );
  return report.items.map((it) => it.code);
}

test("who is not signed in has the built-in kinds, and is told so", async () => {
  Object.assign(desk.chosen, { "backend.url": kun.url, "backend.cluster": "sandbox" });
  await schemas.look();
  assert.deepEqual(told, []);
  assert.equal(
    statusDetail(schemas.source),
    "Schemas: built in. Sign in to read the schemas of sandbox.",
  );
});

test("the kinds of a cluster are told once, and again when they change", async () => {
  await desk.run(signIn, "", kun.signInLink);
  await schemas.look();
  await schemas.look();
  assert.equal(told.length, 1);
  assert.match(statusText("cluster", schemas.source), /^Kubernetes 1\.\d+, sandbox$/);
  assert.match(statusDetail(schemas.source), /^Schemas: cluster sandbox \(v1\.\d+\.\d+/);
  assert.equal(await complains(false), false);

  const api = new Api(kun.url, desk.kept.get(`token ${kun.url}`) ?? "");
  const set = { project: "demo", set: "web" };
  await api.push(set, { name: "crd", files: { "crd.yaml": CRD } });
  const options = { prune: false, force_conflicts: false };
  const wish = { version: "crd", environment: "dev", options };
  const { id: preview } = await api.preview(set, wish);
  const { id } = await api.deploy(set, { ...wish, preview });
  let state = "";
  for await (const event of api.follow(id)) if ("job" in event) ({ state } = event.job);
  assert.equal(state, "succeeded");

  await schemas.look();
  assert.equal(told.length, 2);
  assert.ok(await complains(true), "`aera` is not a field of a Sail");
});

test("a server that starts anew is told again", async () => {
  await schemas.restarted();
  assert.equal(told.length, 3);
});

test("a cluster that cannot be read leaves what was known", async () => {
  const { cluster } = schemas.source;
  desk.chosen["backend.url"] = "http://127.0.0.1:1";
  desk.kept.set("token http://127.0.0.1:1", "kun_x");
  await schemas.look();
  assert.equal(schemas.source.cluster, cluster);
  assert.match(statusDetail(schemas.source), /Cannot reach http:\/\/127\.0\.0\.1:1/);
  desk.chosen["backend.url"] = kun.url;
});

test("saved documents are chosen by their path", async () => {
  const select = async () => COMMANDS["kun.selectCluster"]?.(desk.place());
  const saved = "$(file-code) Saved OpenAPI documents…";
  await desk.run(select, saved, "");
  assert.equal(desk.chosen["openapi"], ".kun/openapi");
  const seen = await desk.run(select, undefined);
  assert.match(seen[0] ?? "", /Built-in kinds alone$/);
});

test("the status bar tells the release and schemas that the server uses", () => {
  const source = { name: "`.kun/openapi`", version: "v1.34.2", kinds: 12, failure: null };
  const inUse = { release: "1.34", sources: [source] };
  assert.equal(statusText("cluster", {}, inUse), "Kubernetes 1.34, .kun/openapi");
  assert.equal(
    statusDetail({}, inUse),
    "Schemas: `.kun/openapi` (v1.34.2, 12 kinds), and built in.",
  );
  const gone = { ...source, version: null, kinds: 0, failure: "It is gone." };
  const broken = { release: "1.37", sources: [gone] };
  assert.equal(statusText("cluster", {}, broken), "Kubernetes 1.37");
  assert.ok(isTroubled({}, broken) && !isTroubled({}, inUse));
  assert.match(statusDetail({}, broken), /`\.kun\/openapi` \(0 kinds\), and built in\. It is gone\.$/);
});

test("built-in kinds alone are chosen in the same place", async () => {
  const select = async () => COMMANDS["kun.selectRelease"]?.(desk.place());
  desk.chosen["release"] = "cluster";
  const seen = await desk.run(select, "$(server) Kinds of a cluster…", "Built-in kinds alone");
  assert.match(seen[0] ?? "", /^pick Release .*: As cluster sandbox, Kubernetes 1\.37, /);
  assert.match(seen[1] ?? "", /^pick Kinds beside the built-in ones come from: /);
  assert.equal(desk.chosen["openapi"], "");
  assert.equal(desk.chosen["backend.cluster"], "");
  assert.equal(desk.chosen["release"], "1.37");
  await schemas.look();
  assert.deepEqual(told.at(-1), { cluster: null, schemas: null });
  assert.equal(statusText("1.37", schemas.source), "Kubernetes 1.37");
  assert.equal(await complains(false), false);
});
