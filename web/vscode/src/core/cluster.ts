// The schemas of a live cluster for the language server: its custom resources, and its release.
import { keptApi } from "./account";
import { sentence } from "./failure";
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

/** `Kubernetes 1.36`, with the cluster whose kinds are known. */
export function statusText(release: string, source: SchemaSource): string {
  const { cluster, version } = source;
  const ofCluster = /^v?(\d+\.\d+)/.exec(version ?? "")?.[1];
  const shown = release === "cluster" ? (ofCluster ?? "newest") : release;
  return cluster === undefined ? `Kubernetes ${shown}` : `Kubernetes ${shown}, ${cluster}`;
}

/** What the status bar says when it is asked. */
export function statusDetail({ cluster, version, failure }: SchemaSource): string {
  const from =
    cluster === undefined
      ? "Schemas: built in."
      : `Schemas: cluster ${cluster} (${version ?? "unknown version"}), and built in.`;
  return failure === undefined ? from : `${from} ${failure}.`;
}
