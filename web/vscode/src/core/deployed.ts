// The manifests that run in the chosen environment, so that the language server can say which
// changes the API server would refuse.
import type { Api, SetName } from "./api";

/** What the language server is told, as `kun/deployed`. `null` if nothing is known. */
export interface DeployedNotice {
  name: string | null;
  texts: string[];
}

const NOTHING: DeployedNotice = { name: null, texts: [] };

/** Keeps the language server supplied with the version that was deployed last with success. */
export class DeployedVersion {
  /** Which version was told, so that its files are read once. */
  private told = "";

  constructor(private readonly tell: (notice: DeployedNotice) => Promise<void>) {}

  /** A version never changes, so what was told of it holds. */
  async follow(api: Api, name: SetName, environment: string, version: string): Promise<void> {
    const now = JSON.stringify([api.server, name.project, name.set, environment, version]);
    if (now === this.told) return;
    const texts = Object.values(await api.files(name, version));
    await this.tell({ name: `version ${version} in ${environment}`, texts });
    this.told = now;
  }

  /** Nothing is deployed, or nobody may know. */
  async forget(): Promise<void> {
    if (this.told !== "") await this.tell(NOTHING);
    this.told = "";
  }

  /** The server was started anew, and knows nothing. */
  restarted(): void {
    this.told = "";
  }
}
