// The schemas of a live cluster for the language server: its custom resources, and its release.
import { keptApi } from "./account";
import { sentence } from "./failure";
import { AS_THE_CLUSTER } from "./settings";
import type { Workplace } from "./ui";

/** What the language server is told, as `kun/openapi`. `null` for the built-in schemas alone. */
export interface ClusterNotice {
  cluster: string | null;
  schemas: string | null;
}

/** Where the schemas come from, as the status bar shows it. */
export interface SchemaSource {
  /** Whose schemas are in use; those that are built in, if nobody's. */
  cluster?: string;
  /** The version of that cluster, such as `v1.36.4`. */
  version?: string;
  /** Why what was chosen is not in use, or may be old. */
  failure?: string;
}

/** What the language server says of the schemas that it uses, as `kun/schemas`. */
export interface SchemasInUse {
  release: string;
  sources: {
    name: string;
    version: string | null;
    kinds: number;
    failure: string | null;
  }[];
}

/** Keeps the language server supplied with the schemas of the cluster of the settings. */
export class ClusterSchemas {
  source: SchemaSource = {};
  private etag: string | undefined;
  /** Looks follow each other. */
  private turn: Promise<void> = Promise.resolve();

  constructor(
    private readonly place: Workplace,
    private readonly tell: (notice: ClusterNotice) => Promise<void>,
  ) {}

  /** Looks whether the cluster serves other kinds than before, and tells them. Never fails. */
  look(): Promise<void> {
    this.turn = this.turn.then(() => this.lookNow());
    return this.turn;
  }

  /** The server was started anew, and knows of no cluster. */
  restarted(): Promise<void> {
    this.turn = this.turn.then(() => this.forget());
    return this.look();
  }

  private async lookNow(): Promise<void> {
    const wanted = this.place.settings()["backend.cluster"];
    if (this.source.cluster !== undefined && this.source.cluster !== wanted) {
      await this.tell({ cluster: null, schemas: null });
      this.forget();
    }
    if (wanted === "") {
      this.forget();
      return;
    }
    try {
      await this.fetch(wanted);
    } catch (error) {
      // What was told stays: old schemas are better than none.
      this.source = { ...this.source, failure: sentence(error) };
    }
  }

  private async fetch(cluster: string): Promise<void> {
    const api = await keptApi(this.place);
    if (!api) {
      this.source = { ...this.source, failure: `Sign in to read the schemas of ${cluster}` };
      return;
    }
    const found = await api.schemas(cluster, this.etag);
    if (found) {
      await this.tell({ cluster, schemas: found.text });
      const { version } = JSON.parse(found.text) as { version: string };
      this.etag = found.etag;
      this.source = { cluster, version };
    } else {
      const { version } = this.source;
      this.source = { cluster, ...(version !== undefined && { version }) };
    }
  }

  private forget(): void {
    this.source = {};
    this.etag = undefined;
  }
}

/** `Kubernetes 1.36`, with the cluster whose kinds are known. `inUse` is what the server says. */
export function statusText(release: string, source: SchemaSource, inUse?: SchemasInUse): string {
  const { cluster, version } = source;
  const ofCluster = /^v?(\d+\.\d+)/.exec(version ?? "")?.[1];
  const shown = inUse?.release ?? (release === AS_THE_CLUSTER ? (ofCluster ?? "newest") : release);
  const saved = savedIn(inUse).filter((it) => it.kinds > 0).map((it) => it.name.replaceAll("`", ""));
  const from = [...(cluster === undefined ? [] : [cluster]), ...saved];
  return [`Kubernetes ${shown}`, ...from].join(", ");
}

/** What the status bar says when it is asked. */
export function statusDetail(source: SchemaSource, inUse?: SchemasInUse): string {
  const { cluster, version, failure } = source;
  const sources = cluster === undefined ? [] : [`cluster ${cluster} (${version ?? "unknown version"})`];
  for (const { name, version, kinds } of savedIn(inUse)) {
    const count = kinds === 1 ? "1 kind" : `${kinds} kinds`;
    sources.push(`${name} (${version === null ? "" : `${version}, `}${count})`);
  }
  const from = sources.length === 0 ? "Schemas: built in." : `Schemas: ${sources.join(", ")}, and built in.`;
  const failures = (inUse?.sources ?? []).flatMap((it) => it.failure ?? []);
  return [from, ...(failure === undefined ? [] : [`${failure}.`]), ...failures].join(" ");
}

/** Whether something that was chosen is not in use, or may be old. */
export function isTroubled(source: SchemaSource, inUse?: SchemasInUse): boolean {
  return source.failure !== undefined || !!inUse?.sources.some((it) => it.failure !== null);
}

/** The sources that the server reads by itself. */
function savedIn(inUse: SchemasInUse | undefined) {
  return (inUse?.sources ?? []).filter((it) => !it.name.startsWith("cluster "));
}
