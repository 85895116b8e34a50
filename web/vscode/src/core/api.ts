// The server of KUN, asked over HTTP. Its failures are `Refused` and `Unreachable`.
import { EventReader, type ServerEvent } from "./events";
import { Complaint, Refused, Unreachable } from "./failure";
import type {
  Cluster,
  Deploy,
  DeployEvent,
  Environment,
  LiveStatus,
  NewDeploy,
  NewPreview,
  NewVersion,
  Page,
  Preview,
  Project,
  PushedVersion,
  ResourceSet,
  Session,
  Version,
} from "./types";

/** A resource set, by its names. */
export interface SetName {
  project: string;
  set: string;
}

/** How long is waited, in milliseconds. */
export const PATIENCE = {
  /** For an answer. A preview asks the cluster about every object. */
  answer: 60_000,
  /** Between two connections to a stream. */
  again: 1_000,
  /** For a server that went away while a deploy was followed. */
  away: 120_000,
  /** For a sign of life of a stream: the server sends one every 15 seconds. */
  silence: 45_000,
};

/** The most that a page of a list holds. */
const LIMIT = 200;

/** A server, and the token that is sent to it. */
export class Api {
  constructor(
    /** Such as `https://kun.example.com`. */
    readonly server: string,
    private readonly token: string,
    private readonly patience = PATIENCE,
  ) {}

  session(): Promise<Session> {
    return this.get("/api/session");
  }

  async projects(): Promise<Project[]> {
    return (await this.get<Page<Project>>("/api/projects")).items;
  }

  async sets(project: string): Promise<ResourceSet[]> {
    return (await this.get<Page<ResourceSet>>(path`/api/projects/${project}/sets`)).items;
  }

  /** Adds a resource set. */
  async addSet(project: string, name: string): Promise<ResourceSet> {
    return this.read(await this.post(path`/api/projects/${project}/sets`, { name }));
  }

  async environments(project: string): Promise<Environment[]> {
    const address = path`/api/projects/${project}/environments`;
    return (await this.get<Page<Environment>>(address)).items;
  }

  /** How the objects of a set do in an environment. */
  live(name: SetName, environment: string): Promise<LiveStatus> {
    return this.get(set(name) + path`/environments/${environment}/live`);
  }

  async clusters(): Promise<Cluster[]> {
    return (await this.get<Page<Cluster>>("/api/clusters")).items;
  }

  /** What a cluster serves beside what every cluster does; nothing if it is as `etag` says. */
  async schemas(cluster: string, etag?: string): Promise<{ text: string; etag?: string } | undefined> {
    const headers: Record<string, string> = etag === undefined ? {} : { "if-none-match": etag };
    const response = await this.send(path`/api/clusters/${cluster}/openapi`, { headers });
    if (response.status === 304) return undefined;
    const text = await response.text();
    const found = response.headers.get("etag");
    return found === null ? { text } : { text, etag: found };
  }

  /** The versions of a set, newest first. */
  async versions(name: SetName): Promise<Version[]> {
    return (await this.get<Page<Version>>(`${set(name)}/versions?limit=${LIMIT}`)).items;
  }

  /** The files of a version by their paths. */
  async files(name: SetName, version: string): Promise<Record<string, string>> {
    const address = set(name) + path`/versions/${version}`;
    return (await this.get<{ files: Record<string, string> }>(address)).files;
  }

  /** Pushes a version; whether it is new. */
  async push(name: SetName, version: NewVersion): Promise<PushedVersion & { isNew: boolean }> {
    const response = await this.post(`${set(name)}/versions`, version);
    return { ...(await this.read<PushedVersion>(response)), isNew: response.status === 201 };
  }

  async preview(name: SetName, wish: NewPreview): Promise<Preview> {
    return this.read(await this.post(`${set(name)}/previews`, wish));
  }

  async deploy(name: SetName, wish: NewDeploy): Promise<Deploy> {
    return this.read(await this.post(`${set(name)}/deploys`, wish));
  }

  async cancel(id: string): Promise<void> {
    await this.read(await this.post(path`/api/deploys/${id}/cancel`, {}));
  }

  /**
   * Follows a deploy until it ends, over as many connections as it takes: each line of its log
   * once, and the job whenever it stands otherwise. The last event has a final state.
   */
  async *follow(id: string): AsyncGenerator<DeployEvent> {
    let last = "0";
    let heard = Date.now();
    for (;;) {
      let hasEnded = false;
      try {
        for await (const event of this.listen(id, last)) {
          heard = Date.now();
          last = event.id;
          const content = JSON.parse(event.data) as DeployEvent;
          yield content;
          hasEnded = "job" in content && isFinal(content.job);
        }
      } catch (error) {
        const isForGood = error instanceof Refused && error.isForGood;
        if (isForGood || Date.now() - heard > this.patience.away) throw error;
        // The connection broke, or the server restarts: nothing is lost.
        hasEnded = false;
      }
      // The job is told first and last; the log is complete where the server closed the stream.
      if (hasEnded) return;
      await new Promise((resolve) => setTimeout(resolve, this.patience.again));
    }
  }

  /** The events of one connection. */
  private async *listen(id: string, last: string): AsyncGenerator<ServerEvent> {
    const silence = new AbortController();
    const aborted = () => silence.abort(new Error("the stream fell silent"));
    let timer = setTimeout(aborted, this.patience.silence);
    try {
      const headers = { "last-event-id": last };
      const init = { headers, signal: silence.signal };
      const response = await this.send(path`/api/deploys/${id}/events`, init);
      const chunks = response.body?.getReader();
      const reader = new EventReader();
      for (;;) {
        const chunk = await chunks?.read();
        if (!chunk || chunk.done) return;
        clearTimeout(timer);
        timer = setTimeout(aborted, this.patience.silence);
        yield* reader.read(chunk.value);
      }
    } finally {
      clearTimeout(timer);
      // Whoever reads on no further closes the connection.
      silence.abort();
    }
  }

  private async get<T>(address: string): Promise<T> {
    return this.read(await this.send(address, {}));
  }

  private post(address: string, body: unknown): Promise<Response> {
    const headers = { "content-type": "application/json" };
    return this.send(address, { method: "POST", headers, body: JSON.stringify(body) });
  }

  private async read<T>(response: Response): Promise<T> {
    try {
      return (await response.json()) as T;
    } catch (error) {
      throw new Unreachable(this.server, error);
    }
  }

  /** Sends a request, and fails unless it was carried out. */
  private send(address: string, init: RequestInit): Promise<Response> {
    const authorization = `Bearer ${this.token}`;
    const headers = { ...init.headers, authorization };
    return send(this.server + address, { ...init, headers }, this.patience.answer);
  }
}

/** Uses a sign-in link up and makes a token of it that lives for `days`. */
export async function tokenOfLink(server: string, secret: string, label: string, days: number) {
  const request = (address: string, body: object, headers: Record<string, string>) =>
    send(
      server + address,
      {
        method: "POST",
        headers: { ...headers, "content-type": "application/json" },
        body: JSON.stringify(body),
      },
      PATIENCE.answer,
    );
  const signedIn = await request("/api/session", { token: secret }, {});
  const cookie = signedIn.headers.get("set-cookie")?.split(";")[0];
  if (!cookie) throw new Complaint("the server began no session");
  const made = await request("/api/tokens", { label, days }, { cookie });
  return ((await made.json()) as { secret: string }).secret;
}

async function send(address: string, init: RequestInit, patience: number): Promise<Response> {
  const signal = init.signal ?? AbortSignal.timeout(patience);
  let response: Response;
  try {
    // A redirection would carry the token to wherever it leads.
    response = await fetch(address, { ...init, signal, redirect: "manual" });
  } catch (error) {
    throw new Unreachable(new URL(address).origin, error);
  }
  if (response.ok || response.status === 304) return response;
  throw Refused.from(response.status, await response.text().catch(() => ""));
}

/** Whether a deploy has ended and never changes again. */
export function isFinal(job: Deploy): boolean {
  return job.state === "succeeded" || job.state === "failed" || job.state === "cancelled";
}

function set(name: SetName): string {
  return path`/api/projects/${name.project}/sets/${name.set}`;
}

/** An address whose parts may hold anything. */
function path(parts: TemplateStringsArray, ...names: string[]): string {
  return String.raw({ raw: parts }, ...names.map(encodeURIComponent));
}
