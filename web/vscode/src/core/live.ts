// How the objects of the chosen set do in the chosen environment, above the lines that describe
// them; and which version of them runs there.
import { keptApi } from "./account";
import type { DeployedVersion } from "./deployed";
import { sentence } from "./failure";
import { printable } from "./log";
import type { LiveObject, LiveStatus, ObjectState } from "./types";
import type { Workplace } from "./ui";

/** What the language server is told, as `kun/objectLenses`. */
export interface ObjectLenses {
  lenses: ObjectLens[];
}

/** Words above an object. */
export interface ObjectLens {
  kind: string;
  namespace?: string;
  name: string;
  title: string;
  command: string;
}

const MARKS: Readonly<Record<ObjectState, string>> = {
  waiting: "○",
  progressing: "◐",
  healthy: "●",
  degraded: "▲",
  failed: "✕",
  removed: "−",
};

/** Keeps the language server supplied with the state of the objects of the settings' set. */
export class LiveState {
  /** What was told last, so that nothing is told twice. */
  private told = "[]";
  /** Why nothing is known. */
  failure: string | undefined;
  /** Looks follow each other. */
  private turn: Promise<void> = Promise.resolve();

  constructor(
    private readonly place: Workplace,
    private readonly tell: (notice: ObjectLenses) => Promise<void>,
    private readonly deployed: DeployedVersion,
  ) {}

  /** Looks how the objects do, and tells it where that has changed. Never fails. */
  look(): Promise<void> {
    this.turn = this.turn.then(() => this.lookNow());
    return this.turn;
  }

  /** The server was started anew, and knows nothing. */
  restarted(): Promise<void> {
    this.told = "[]";
    this.deployed.restarted();
    return this.look();
  }

  private async lookNow(): Promise<void> {
    let lenses: ObjectLens[] = [];
    this.failure = undefined;
    try {
      lenses = await this.lenses();
    } catch (error) {
      // An old state that looks like the present one would be a lie. The version that ran last is
      // still what a change is best compared with.
      this.failure = sentence(error);
    }
    const now = JSON.stringify(lenses);
    if (now === this.told) return;
    this.told = now;
    await this.tell({ lenses });
  }

  private async lenses(): Promise<ObjectLens[]> {
    const { "backend.project": project, "backend.resourceSet": set, ...rest } = this.place.settings();
    const environment = rest["backend.environment"];
    const api = await keptApi(this.place);
    if (!api || [project, set, environment].includes("")) {
      await this.deployed.forget();
      return [];
    }
    const name = { project, set };
    const live = await api.live(name, environment);
    if (live.version === undefined) await this.deployed.forget();
    else await this.deployed.follow(api, name, environment, live.version);
    if (!rest.codeLenses) return [];
    return live.objects.map((object) => lensOf(object, environment, live));
  }
}

function lensOf(object: LiveObject, environment: string, live: LiveStatus): ObjectLens {
  const { kind, namespace, name, state, reason, drifted } = object;
  const version = live.version === undefined ? "" : ` ${live.version}`;
  const why = reason === "" ? "" : `: ${reason}`;
  const drift = drifted ? ", changed in the cluster since" : "";
  const title = `${MARKS[state]} ${environment}${version} ${state}${why}${drift}`;
  const where = namespace === undefined ? {} : { namespace };
  return { kind, ...where, name, title: printable(title), command: "kun.open" };
}
