// What a server may do to whoever asks it, played by small servers.
import assert from "node:assert/strict";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";

import { Api, PATIENCE } from "../src/core/api";
import { sentence } from "../src/core/failure";

const HURRY = { ...PATIENCE, again: 0, silence: 100 };

async function serving(answer: RequestListener, run: (url: string) => Promise<void>) {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  try {
    await run(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

async function failure(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(() => assert.fail("it worked"), (reason) => reason);
  return sentence(error);
}

const event = (id: number, data: object) => `id: ${id}\ndata: ${JSON.stringify(data)}\n\n`;
const line = (sequence: number) => event(sequence, { line: { sequence, message: `${sequence}` } });
const job = (id: number, state: string) => event(id, { job: { state } });

test("a stream that breaks or falls silent is taken up where it ended", async () => {
  let connections = 0;
  const answer: RequestListener = (request, response) => {
    const connection = ++connections;
    const known = Number(request.headers["last-event-id"]);
    const lines = (last: number) => [1, 2, 3].filter((it) => it > known && it <= last).map(line);
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(job(known, "applying"));
    if (connection === 1) {
      // Broken in the middle of an event.
      response.write(lines(1).join("") + line(2).slice(0, 20));
      setImmediate(() => response.destroy());
    } else if (connection === 2) {
      // Never heard of again.
      response.write(lines(2).join(""));
    } else {
      response.end(lines(3).join("") + job(3, "succeeded"));
    }
  };
  await serving(answer, async (url) => {
    const lines: string[] = [];
    const states: string[] = [];
    for await (const event of new Api(url, "kun_x", HURRY).follow("7")) {
      if ("line" in event) lines.push(event.line.message);
      else states.push(event.job.state);
    }
    assert.deepEqual(lines, ["1", "2", "3"]);
    assert.equal(states.at(-1), "succeeded");
    assert.equal(connections, 3);
  });
});

test("a server that is away for long is given up, one that refuses at once", async () => {
  const away = { ...HURRY, away: -1 };
  const follow = async (url: string) => {
    for await (const _ of new Api(url, "kun_x", away).follow("7"));
  };
  const status = (code: number): RequestListener => (_, response) => {
    response.writeHead(code).end('{"code": "unavailable", "message": "try again in a moment"}');
  };
  await serving(status(503), async (url) => {
    assert.equal(await failure(follow(url)), "Try again in a moment");
  });
  await serving(status(404), async (url) => {
    const patient = new Api(url, "kun_x", { ...HURRY, away: 60_000 });
    assert.equal(await failure(patient.follow("7").next()), "Try again in a moment");
  });
});

test("a redirection is not followed: it would carry the token away", async () => {
  const asked: unknown[] = [];
  const answer: RequestListener = (request, response) => {
    asked.push(request.url);
    response.writeHead(307, { location: "/elsewhere" }).end();
  };
  await serving(answer, async (url) => {
    const said = await failure(new Api(url, "kun_x").session());
    assert.match(said, /^The server answered .*, and not as a KUN server does$/);
    assert.deepEqual(asked, ["/api/session"]);
  });
});

test("who does not answer is named", async () => {
  assert.match(
    await failure(new Api("http://127.0.0.1:1", "kun_x").session()),
    /^Cannot reach http:\/\/127\.0\.0\.1:1: /,
  );
  await serving(() => {}, async (url) => {
    const hasty = new Api(url, "kun_x", { ...PATIENCE, answer: 20 });
    assert.equal(await failure(hasty.session()), `Cannot reach ${url}: it did not answer in time`);
  });
  const text: RequestListener = (_, response) => response.end("hello");
  await serving(text, async (url) => {
    assert.match(await failure(new Api(url, "kun_x").session()), /^Cannot reach .* JSON/);
  });
});
