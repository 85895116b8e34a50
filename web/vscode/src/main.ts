// The extension where programs can be run: the language server is one.
import type { ExtensionContext } from "vscode";
import { LanguageClient, TransportKind } from "vscode-languageclient/node";

import { initializationOptions, serverProgram } from "./core/settings";
import { activateWith } from "./host/activate";
import type { Connect } from "./host/server";

let stop: (() => Promise<void>) | undefined;

export async function activate(context: ExtensionContext): Promise<void> {
  const bundled = context.asAbsolutePath("server");
  const connect: Connect = (options, settings) => {
    const command = serverProgram(settings, bundled, process.platform);
    const run = { command, transport: TransportKind.stdio };
    return new LanguageClient("kun", "KUN", run, {
      ...options,
      initializationOptions: initializationOptions(settings),
    });
  };
  stop = await activateWith(context, connect);
}

export function deactivate(): Promise<void> | undefined {
  return stop?.();
}
