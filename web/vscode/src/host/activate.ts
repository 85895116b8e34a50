// What the extension sets up in a window, whichever server answers in it.
import * as vscode from "vscode";

import { COMMANDS } from "../core/commands";
import { sentence } from "../core/failure";
import { NEED_RESTART, readSettings, type SettingName } from "../core/settings";
import type { Workplace } from "../core/ui";
import { Previews } from "./previews";
import { type Connect, Server } from "./server";
import { sources } from "./sources";
import { Status } from "./status";
import { HostWindow } from "./window";

/** Starts the language server and registers all commands. Returns how to stop it. */
export async function activateWith(
  context: vscode.ExtensionContext,
  connect: Connect,
): Promise<() => Promise<void>> {
  const output = vscode.window.createOutputChannel("KUN", { log: true });
  const status = new Status(settings);
  const server = new Server(connect, settings, output, (failure) => status.set(failure));
  const previews = new Previews();
  const window = new HostWindow(previews);
  const { secrets, workspaceState } = context;
  const place: Workplace = {
    window,
    settings,
    change,
    sources,
    server,
    secrets: {
      get: async (key) => secrets.get(key),
      set: async (key, value) => secrets.store(key, value),
      remove: async (key) => secrets.delete(key),
    },
    memory: {
      get: (key) => workspaceState.get(key),
      set: async (key, value) => workspaceState.update(key, value),
    },
  };
  context.subscriptions.push(
    output,
    status,
    previews,
    window,
    ...commands(place, output),
    vscode.window.onDidChangeActiveTextEditor(() => status.show()),
    vscode.workspace.onDidOpenTextDocument(() => status.show()),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("kun")) status.show();
      const restarts = NEED_RESTART.some((it) => change.affectsConfiguration(`kun.${it}`));
      if (restarts) void server.restart();
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
