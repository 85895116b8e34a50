// What commands show: places, previews, lines of a log, addresses, failures.
import assert from "node:assert/strict";
import { test } from "node:test";

import { EventReader } from "../src/core/events";
import { Refused, sentence, Unreachable } from "../src/core/failure";
import { isPushed } from "../src/core/files";
import { logLine, stand, troubles, verdict } from "../src/core/log";
import { deployPage, serverOf, setPage, signInLink, versionPage } from "../src/core/pages";
import { detailLine, problemsOf, spanAt } from "../src/core/places";
import { obstacles, previewText } from "../src/core/preview";
import type { Deploy, Preview } from "../src/core/types";

test("a place is the word that stands there", () => {
  const marked = (text: string, line: number, column?: number) => {
    const { line: at, start, end } = spanAt(text, line, column);
    return `${at}: ${text.split(/\r?\n/)[at]?.slice(start, end)}`;
  };
  const text = "spec:\r\n  clusterIp: None\r\n  \"a b\": '𝒳'  \r\n";
  assert.equal(marked(text, 2, 3), "1: clusterIp");
  assert.equal(marked(text, 3, 3), '2: "a b"');
  assert.equal(marked(text, 2), "1: clusterIp: None");
  assert.equal(marked("𝒳𝒳: wrong", 1, 5), "0: wrong", "columns count characters");
  assert.equal(marked(text, 99, 99), "3: ", "a place behind the end");
});

test("details of no file are kept as sentences", () => {
  const files = new Map([["app.yaml", { uri: "file:///k8s/app.yaml", text: "kind: Pod\n" }]]);
  const unknown = { place: "app.yaml", line: 1, column: 1, code: "unknown-field", message: "no" };
  const name = { place: "name", message: "is reserved" };
  const { problems, rest } = problemsOf([unknown, name], files, true);
  assert.deepEqual(problems, [
    {
      uri: "file:///k8s/app.yaml",
      line: 0,
      start: 0,
      end: 4,
      message: "no",
      code: "unknown-field",
      isError: true,
    },
  ]);
  assert.deepEqual(rest, [name]);
  assert.equal(detailLine(unknown), "app.yaml:1:1: no [unknown-field]");
  assert.equal(detailLine({ place: "", message: "no" }), "no");
});

test("a preview reads as a difference, and nothing in it starts a line of its own", () => {
  const plan = {
    project: "shop",
    set: "web",
    version: "v2",
    environment: "dev",
    cluster: "sandbox",
    namespace: "shop-dev",
  };
  const object = (kind: string, change: "create" | "change" | "remove" | "unchanged") => ({
    api_version: "v1",
    kind,
    name: "web",
    change,
  });
  const preview: Preview = {
    id: "1",
    missing_rights: ["`ada` may not create services in shop-dev"],
    warnings: ["old\n- Secret/gone"],
    objects: [
      {
        diff: {
          ...object("Deployment", "change"),
          namespace: "shop-dev",
          fields: [
            { path: "spec.replicas", from: 1, to: 3 },
            { path: "spec.paused", to: true },
          ],
        },
        conflicts: [{ field: ".spec.replicas", manager: "kubectl-edit" }],
      },
      { diff: object("Service", "create"), problem: "port 0 is not allowed" },
      { diff: object("Namespace", "unchanged") },
      { diff: object("ConfigMap", "remove") },
    ],
  };
  assert.equal(
    previewText(plan, preview),
    `# shop/web v2 to dev (cluster sandbox, namespace shop-dev)
# create 1 object, change 1, delete 1, keep 1

# Rights that you lack:
#   \`ada\` may not create services in shop-dev

# The cluster warns:
#   old\ufffd- Secret/gone

! Deployment/web  in shop-dev
!     .spec.replicas belongs to kubectl-edit
-     spec.replicas: 1
+     spec.replicas: 3
+     spec.paused: true

+ Service/web
!     problem: port 0 is not allowed

  Namespace/web

- ConfigMap/web
`,
  );
  assert.deepEqual(obstacles(preview), [
    "`ada` may not create services in shop-dev",
    "Service/web: port 0 is not allowed",
  ]);
});

test("a deploy is told in lines that cannot steer what shows them", () => {
  const line = {
    sequence: 1,
    at: "2026-11-01T12:03:59.5Z",
    level: "warning",
    object: "Deployment/web",
    message: "1 of 2\u001b[2J",
  } as const;
  assert.equal(logLine(line), "12:03:59 warning: Deployment/web: 1 of 2\ufffd[2J");

  const job: Deploy = {
    id: "7",
    project: "shop",
    set: "web",
    version: "v2",
    environment: "dev",
    by: "ada",
    state: "failed",
    reason: "the image cannot be pulled",
    objects: [
      { kind: "Service", name: "web", state: "healthy", reason: "" },
      { kind: "Deployment", name: "web", state: "failed", reason: "ImagePullBackOff" },
    ],
  };
  assert.equal(stand(job), "failed, 1 of 2 objects are ready");
  assert.equal(verdict(job), "The deploy of shop/web v2 to dev failed: the image cannot be pulled");
  assert.deepEqual(troubles(job), ["  Deployment/web: ImagePullBackOff"]);
  assert.equal(verdict({ ...job, state: "succeeded", reason: "" }), "Deployed shop/web v2 to dev");
});

test("events are put together whatever the chunks", () => {
  const stream = "id: 1\ndata: one\n\n: still here\n\nid: 2\r\ndata: é\r\ndata: two\r\n\r\ndata:three\n\ndata: cut";
  const bytes = new TextEncoder().encode(stream);
  for (let size = 1; size <= bytes.length; size++) {
    const reader = new EventReader();
    const events = [];
    for (let at = 0; at < bytes.length; at += size) {
      events.push(...reader.read(bytes.subarray(at, at + size)));
    }
    const shown = events.map(({ id, data }) => `${id} ${data}`);
    assert.deepEqual(shown, ["1 one", "2 é\ntwo", "2 three"], `in chunks of ${size}`);
  }
});

test("an address names a server, or nothing is sent anywhere", () => {
  assert.equal(serverOf(" https://kun.example.com/p/shop "), "https://kun.example.com");
  assert.equal(serverOf("http://127.0.0.1:8080"), "http://127.0.0.1:8080");
  for (const text of ["", "kun.example.com", "file:///etc", "https://", "https://me:it@kun"]) {
    assert.equal(serverOf(text), undefined, text);
  }
  const link = signInLink("http://127.0.0.1:8080/login?token=abc-1");
  assert.deepEqual(link, { server: "http://127.0.0.1:8080", secret: "abc-1" });
  assert.equal(signInLink("http://127.0.0.1:8080/p/login?token=abc"), undefined);
  assert.equal(signInLink("kun_abc"), undefined);
});

test("names of pages hold anything", () => {
  const name = { project: "shop", set: "web" };
  assert.equal(setPage("https://kun", name), "https://kun/p/shop/web");
  assert.equal(versionPage("https://kun", name, "v1 ?"), "https://kun/p/shop/web/v1%20%3F");
  assert.equal(deployPage("https://kun", "7"), "https://kun/deploys/7");
});

test("a failure is a sentence", () => {
  const body = { code: "not_found", message: "there is no set `web`" };
  assert.equal(sentence(Refused.from(404, JSON.stringify(body))), "There is no set `web`");
  assert.equal(
    sentence(Refused.from(502, "<html>")),
    "The server answered 502, and not as a KUN server does",
  );
  const cause = Object.assign(new AggregateError([]), { code: "ECONNREFUSED" });
  const failed = new Unreachable("https://kun", new TypeError("fetch failed", { cause }));
  assert.equal(sentence(failed), "Cannot reach https://kun: ECONNREFUSED");
});

test("of a folder only manifests are pushed, and nothing that is hidden", () => {
  const all = ["app.yaml", "a/b.yml", "c.json", ".hidden.yaml", ".git/x.yaml", "a.md", "Dockerfile"];
  assert.deepEqual(all.filter(isPushed), ["app.yaml", "a/b.yml", "c.json"]);
});
