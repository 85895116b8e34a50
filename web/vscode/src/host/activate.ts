// What the extension sets up in a window, whichever server answers in it.
import * as vscode from "vscode";

import { ClusterSchemas } from "../core/cluster";
import { COMMANDS } from "../core/commands";
import { sentence } from "../core/failure";
import { DeployedVersion } from "../core/deployed";
import { LiveState } from "../core/live";
import { NEED_RESTART, readSettings, type SettingName } from "../core/settings";
import type { Workplace } from "../core/ui";
import { Previews } from "./previews";
import { type Connect, Server } from "./server";
import { sources } from "./sources";
import { Status } from "./status";
import { HostWindow } from "./window";

/** How often a cluster is asked for its kinds, at most and only while one looks at the window. */
const LOOK_MS = 2 * 60_000;
/** And how often for the state of the objects of the set. */
const LIVE_MS = 20_000;

/** Starts the language server and registers all commands. Returns how to stop it. */
export async function activateWith(
  context: vscode.ExtensionContext,
  connect: Connect,
): Promise<() => Promise<void>> {
  const output = vscode.window.createOutputChannel("KUN", { log: true });
  const previews = new Previews();
  const window = new HostWindow(previews);
  const status = new Status(
    settings,
    () => schemas.source,
    () => server.inUse,
    () => live.failure,
  );
  const changed = (failure: string | undefined) => {
    status.set(failure);
    if (failure !== undefined) return;
    void schemas.restarted().then(() => status.show());
    void live.restarted();
  };
  const server = new Server(connect, settings, output, changed, () => status.show());
  let looked = Date.now();
  const look = () => {
    looked = Date.now();
    void schemas.look().then(() => status.show());
    void live.look();
  };
  const lookAgain = () => {
    const isTime = Date.now() - looked > LOOK_MS;
    if (isTime && vscode.window.state.focused) look();
  };
  const place: Workplace = {
    window,
    settings,
    change,
    sources,
    server,
    ...memories(context),
    schemasChanged: look,
  };
  const schemas = new ClusterSchemas(place, (notice) => server.notify("kun/openapi", notice));
  const deployed = new DeployedVersion((notice) => server.notify("kun/deployed", notice));
  const live = new LiveState(
    place,
    (notice) => server.notify("kun/objectLenses", notice),
    deployed,
  );
  const liveAgain = () => {
    if (vscode.window.state.focused) void live.look();
  };
  const timers = [setInterval(lookAgain, LOOK_MS), setInterval(liveAgain, LIVE_MS)];
  context.subscriptions.push(
    output,
    status,
    previews,
    window,
    new vscode.Disposable(() => timers.forEach(clearInterval)),
    ...commands(place, output),
    vscode.window.onDidChangeActiveTextEditor(() => status.show()),
    vscode.workspace.onDidOpenTextDocument(() => status.show()),
    vscode.window.onDidChangeWindowState(lookAgain),
    vscode.window.onDidChangeWindowState(liveAgain),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (!change.affectsConfiguration("kun")) return;
      status.show();
      if (NEED_RESTART.some((it) => change.affectsConfiguration(`kun.${it}`))) {
        void server.restart();
      } else if (["backend", "codeLenses"].some((it) => change.affectsConfiguration(`kun.${it}`))) {
        look();
      }
    }),
    // Folders of another kind are files of ours, too.
    vscode.workspace.onDidChangeWorkspaceFolders(({ added }) => {
      if (added.some((it) => it.uri.scheme !== "file")) void server.restart();
    }),
  );
  status.show();
  await server.start();
  return () => server.stop();
}

function memories({ secrets, workspaceState }: vscode.ExtensionContext) {
  return {
    secrets: {
      get: async (key: string) => secrets.get(key),
      set: async (key: string, value: string) => secrets.store(key, value),
      remove: async (key: string) => secrets.delete(key),
    },
    memory: {
      get: (key: string) => workspaceState.get<string>(key),
      set: async (key: string, value: string) => workspaceState.update(key, value),
    },
  };
}

function commands(place: Workplace, output: vscode.LogOutputChannel): vscode.Disposable[] {
  return Object.entries(COMMANDS).map(([name, command]) =>
    vscode.commands.registerCommand(name, async (target?: unknown) => {
      try {
        await command(place, target instanceof vscode.Uri ? target.toString() : undefined);
      } catch (error) {
        output.error(error instanceof Error ? error : sentence(error));
        await place.window.tell("error", sentence(error));
      }
    }),
  );
}

function settings() {
  const resource = vscode.window.activeTextEditor?.document.uri;
  const section = vscode.workspace.getConfiguration("kun", resource);
  return readSettings((name) => section.get(name));
}

/** Where one works with whom is a person's affair, all else that of the folder. */
async function change(name: SettingName, value: string): Promise<void> {
  const { Global, Workspace } = vscode.ConfigurationTarget;
  const isFolder = name !== "backend.url" && vscode.workspace.workspaceFolders !== undefined;
  const section = vscode.workspace.getConfiguration("kun");
  await section.update(name, value, isFolder ? Workspace : Global);
}
