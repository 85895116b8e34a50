// The language server as the window sees it: started, started anew, stopped.
import * as vscode from "vscode";
import {
  type BaseLanguageClient,
  CloseAction,
  ErrorAction,
  type LanguageClientOptions,
  State,
  type StaticFeature,
} from "vscode-languageclient";

import type { SchemasInUse } from "../core/cluster";
import { Deaths } from "../core/deaths";
import { sentence } from "../core/failure";
import { documentSelector, type Settings } from "../core/settings";
import type { LanguageServer } from "../core/ui";

/** Makes a client of a server that does not run yet. `died` is called if it ends by itself. */
export type Connect = (
  options: LanguageClientOptions,
  settings: Settings,
  died: (reason: string) => void,
) => BaseLanguageClient;

/** What this client can do beside what the protocol library says. */
const ABILITIES: StaticFeature = {
  fillClientCapabilities: (capabilities) => {
    const commands = { commands: ["editor.action.triggerSuggest"] };
    capabilities.experimental = { ...capabilities.experimental, commands, kunSchemas: true };
  },
  initialize: () => {},
  getState: () => ({ kind: "static" }),
  clear: () => {},
};

/** Milliseconds that a server has to say that it stops. */
const ANSWER = 2_000;

export class Server implements LanguageServer {
  private client: BaseLanguageClient | undefined;
  /** Starts and stops follow each other. */
  private turn: Promise<void> = Promise.resolve();
  private readonly deaths = new Deaths();
  /** The release and schemas that the server says it uses. */
  inUse: SchemasInUse | undefined;

  constructor(
    private readonly connect: Connect,
    private readonly settings: () => Settings,
    private readonly output: vscode.LogOutputChannel,
    private readonly changed: (failure: string | undefined) => void,
    private readonly schemasChanged: () => void,
  ) {}

  start(): Promise<void> {
    return this.queue(() => this.begin());
  }

  stop(): Promise<void> {
    return this.queue(() => this.end(ANSWER));
  }

  /** Starts it anew because a person wants it. */
  restart(): Promise<void> {
    this.deaths.forget();
    return this.replace(ANSWER);
  }

  private replace(patience: number): Promise<void> {
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
      errorHandler: {
        error: () => ({ action: ErrorAction.Continue, handled: true }),
        closed: () => this.closed(hasStarted),
      },
    };
    let hasStarted = false;
    let fail: (reason: Error) => void = () => {};
    const death = new Promise<never>((_, reject) => (fail = reject));
    try {
      const client = this.connect(options, this.settings(), (reason) => {
        // What dies before it answers leaves the client waiting for ever.
        if (hasStarted) this.died(client, reason);
        else fail(new Error(reason));
      });
      this.client = client;
      this.inUse = undefined;
      client.registerFeature(ABILITIES);
      client.onNotification("kun/schemas", (inUse: SchemasInUse) => {
        if (this.client !== client) return;
        this.inUse = inUse;
        this.schemasChanged();
      });
      client.onDidChangeState(({ newState }) => {
        if (this.client !== client) return;
        if (newState === State.Running) this.changed(undefined);
        if (newState === State.Stopped) this.changed("The language server stopped.");
      });
      await Promise.race([client.start(), death]);
      hasStarted = true;
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

  /** A program ended; the protocol library starts it anew, and opens the documents again. */
  private closed(hasStarted: boolean) {
    // One that never ran is told of where it was started.
    if (!hasStarted) return { action: CloseAction.DoNotRestart, handled: true };
    const tooOften = this.deaths.add(Date.now());
    if (tooOften === undefined) return { action: CloseAction.Restart, handled: true };
    this.client = undefined;
    this.failed(tooOften);
    return { action: CloseAction.DoNotRestart, handled: true, message: tooOften };
  }

  /** A worker died. */
  private died(client: BaseLanguageClient, reason: string): void {
    if (this.client !== client) return;
    this.output.error(`The language server died: ${reason}`);
    const tooOften = this.deaths.add(Date.now());
    // The dead do not answer.
    if (tooOften === undefined) {
      void this.replace(1);
      return;
    }
    void this.queue(() => this.end(1));
    this.failed(`${tooOften} ${reason}`);
  }

  private failed(message: string): void {
    this.changed(message);
    this.output.error(message);
    const openSettings = "workbench.action.openSettings";
    const actions = new Map([["Restart", () => vscode.commands.executeCommand("kun.restart")]]);
    if (this.settings()["server.path"] === "") {
      actions.set("Show Output", async () => this.showOutput());
    } else {
      actions.set("Open Settings", () =>
        vscode.commands.executeCommand(openSettings, "kun.server.path"),
      );
    }
    void vscode.window
      .showErrorMessage(message, ...actions.keys())
      .then((chosen) => actions.get(chosen ?? "")?.());
  }
}
