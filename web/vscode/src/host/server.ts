// The language server as the window sees it: started, started anew, stopped.
import * as vscode from "vscode";
import { type BaseLanguageClient, type LanguageClientOptions, State } from "vscode-languageclient";

import { sentence } from "../core/failure";
import { documentSelector, type Settings } from "../core/settings";
import type { LanguageServer } from "../core/ui";

/** Makes a client of a server that does not run yet. `died` is called if it ends by itself. */
export type Connect = (
  options: LanguageClientOptions,
  settings: Settings,
  died: (reason: string) => void,
) => BaseLanguageClient;

/** After this many deaths within `MINUTES` a server is left alone. */
const DEATHS = 4;
const MINUTES = 3;
/** Milliseconds that a server has to say that it stops. */
const ANSWER = 2_000;

export class Server implements LanguageServer {
  private client: BaseLanguageClient | undefined;
  /** Starts and stops follow each other. */
  private turn: Promise<void> = Promise.resolve();
  private deaths: number[] = [];

  constructor(
    private readonly connect: Connect,
    private readonly settings: () => Settings,
    private readonly output: vscode.LogOutputChannel,
    private readonly changed: (failure: string | undefined) => void,
  ) {}

  start(): Promise<void> {
    return this.queue(() => this.begin());
  }

  stop(): Promise<void> {
    return this.queue(() => this.end(ANSWER));
  }

  restart(patience = ANSWER): Promise<void> {
    return this.queue(async () => {
      await this.end(patience);
      await this.begin();
    });
  }

  /** Tells the server something, if it runs. */
  async notify(method: string, params: object): Promise<void> {
    await this.client?.sendNotification(method, params);
  }

  showOutput(): void {
    this.output.show();
  }

  private queue(work: () => Promise<void>): Promise<void> {
    this.turn = this.turn.then(work);
    return this.turn;
  }

  private async begin(): Promise<void> {
    const folders = vscode.workspace.workspaceFolders ?? [];
    const options: LanguageClientOptions = {
      documentSelector: documentSelector(folders.map((it) => it.uri.scheme)),
      outputChannel: this.output,
      diagnosticCollectionName: "kun",
    };
    try {
      const client = this.connect(options, this.settings(), (reason) => this.died(client, reason));
      this.client = client;
      // The protocol library starts a program that ended anew by itself, a few times.
      client.onDidChangeState(({ newState }) => {
        if (this.client !== client) return;
        if (newState === State.Running) this.changed(undefined);
        if (newState === State.Stopped) this.changed("The language server stopped.");
      });
      await client.start();
    } catch (error) {
      this.client = undefined;
      this.failed(`The language server did not start: ${sentence(error)}`);
    }
  }

  private async end(patience: number): Promise<void> {
    const client = this.client;
    this.client = undefined;
    // One that does not answer is left to end with its connection.
    await client?.dispose(patience).catch((error: unknown) => this.output.warn(sentence(error)));
  }

  private died(client: BaseLanguageClient, reason: string): void {
    if (this.client !== client) return;
    this.output.error(`The language server died: ${reason}`);
    const now = Date.now();
    this.deaths = [...this.deaths.filter((at) => now - at < MINUTES * 60_000), now];
    if (this.deaths.length <= DEATHS) {
      // The dead do not answer.
      void this.restart(1);
    } else {
      this.failed(`The language server died ${DEATHS + 1} times in ${MINUTES} minutes: ${reason}`);
    }
  }

  private failed(message: string): void {
    this.changed(message);
    this.output.error(message);
    const actions = { "Open Settings": "kun.server.path", Restart: "kun.restart" };
    void vscode.window.showErrorMessage(message, ...Object.keys(actions)).then((chosen) => {
      if (chosen === "Restart") return vscode.commands.executeCommand(actions.Restart);
      if (chosen === undefined) return undefined;
      const search = actions["Open Settings"];
      return vscode.commands.executeCommand("workbench.action.openSettings", search);
    });
  }
}
