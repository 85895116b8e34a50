// The extension in a browser: the language server is WebAssembly in a worker.
import { type ExtensionContext, Uri } from "vscode";
import { LanguageClient } from "vscode-languageclient/browser";

import { initializationOptions } from "./core/settings";
import { startWorker } from "./core/worker";
import { activateWith } from "./host/activate";

let stop: (() => Promise<void>) | undefined;

export async function activate(context: ExtensionContext): Promise<void> {
  const address = (name: string) =>
    Uri.joinPath(context.extensionUri, "dist", name).toString(true);
  stop = await activateWith(context, (options, settings, died) => {
    const worker = startWorker(address, died);
    const schemas = { structure: address("schemas.bin"), descriptions: address("descriptions.bin") };
    return new LanguageClient("kun", "KUN", worker, {
      ...options,
      initializationOptions: initializationOptions(settings, schemas),
    });
  });
}

export function deactivate(): Promise<void> | undefined {
  return stop?.();
}
