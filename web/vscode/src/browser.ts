// The extension in a browser: the language server is WebAssembly in a worker.
import { type ExtensionContext, Uri } from "vscode";
import { LanguageClient } from "vscode-languageclient/browser";

import { initializationOptions } from "./core/settings";
import { startWorker } from "./core/worker";
import { activateWith } from "./host/activate";
import type { Connect } from "./host/server";

let stop: (() => Promise<void>) | undefined;

export async function activate(context: ExtensionContext): Promise<void> {
  const address = (name: string) =>
    Uri.joinPath(context.extensionUri, "dist", name).toString(true);
  const descriptions = ["descriptions.bin", "descriptions_rare.bin"].map(address);
  const schemas = { structure: address("schemas.bin"), descriptions };
  const connect: Connect = (options, settings, died) =>
    new LanguageClient("kun", "KUN", startWorker(address, died), {
      ...options,
      initializationOptions: initializationOptions(settings, schemas),
    });
  stop = await activateWith(context, connect);
}

export function deactivate(): Promise<void> | undefined {
  return stop?.();
}
