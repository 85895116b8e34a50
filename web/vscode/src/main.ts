// The extension where programs can be run: the language server is one.
import type { ExtensionContext } from "vscode";
import { LanguageClient, TransportKind } from "vscode-languageclient/node";

import { initializationOptions, serverProgram } from "./core/settings";
import { activateWith } from "./host/activate";

let stop: (() => Promise<void>) | undefined;

export async function activate(context: ExtensionContext): Promise<void> {
  const bundled = context.asAbsolutePath("server");
  stop = await activateWith(context, (options, settings) => {
    const command = serverProgram(settings, bundled, process.platform);
    const run = { command, transport: TransportKind.stdio };
    return new LanguageClient("kun", "KUN", run, {
      ...options,
      initializationOptions: initializationOptions(settings),
    });
  });
}

export function deactivate(): Promise<void> | undefined {
  return stop?.();
}
