// Files and folders that can be pushed, as `kun push` reads them: of folders only manifests, and
// nothing whose name starts with a dot.
import * as vscode from "vscode";

import { Complaint } from "../core/failure";
import { fileName, isPushed } from "../core/files";
import type { Source, SourceFile } from "../core/ui";
import { checkoutOf } from "./git";

/** What can be pushed: `target`, or the current file, its folder, and the open folders. */
export async function sources(target?: string): Promise<Source[]> {
  if (target !== undefined) {
    const uri = vscode.Uri.parse(target, true);
    const { type } = await vscode.workspace.fs.stat(uri);
    return [type & vscode.FileType.Directory ? folder(uri) : file(uri)];
  }
  const document = vscode.window.activeTextEditor?.document;
  const isManifest = document?.languageId === "yaml" || document?.languageId === "json";
  const uri = isManifest ? document.uri : undefined;
  const around = uri && !document?.isUntitled ? [vscode.Uri.joinPath(uri, "..")] : [];
  const open = (vscode.workspace.workspaceFolders ?? []).map((it) => it.uri);
  const folders = new Map([...around, ...open].map((it) => [it.toString(), it]));
  return [...(uri ? [file(uri)] : []), ...[...folders.values()].map(folder)];
}

function file(uri: vscode.Uri): Source {
  return {
    label: `$(file) ${fileName(uri.path)}`,
    description: "this file",
    read: async () => new Map([[manifestName(uri), await read(uri)]]),
    checkout: () => checkoutOf(uri),
  };
}

function folder(uri: vscode.Uri): Source {
  return {
    label: `$(folder) ${vscode.workspace.asRelativePath(uri, true)}`,
    description: "all manifests in this folder",
    read: async () => {
      const pattern = new vscode.RelativePattern(uri, "**/*.{yaml,yml,json}");
      const found = await vscode.workspace.findFiles(pattern, "**/node_modules/**");
      const paths = found.map((it) => [it.path.slice(uri.path.replace(/\/$/, "").length + 1), it] as const);
      const wanted = paths.filter(([path]) => isPushed(path)).sort(([a], [b]) => (a < b ? -1 : 1));
      const files = wanted.map(async ([path, it]) => [path, await read(it)] as const);
      return new Map(await Promise.all(files));
    },
    checkout: () => checkoutOf(uri),
  };
}

/** The name in the version: what is not saved yet has none that the server could tell by. */
function manifestName(uri: vscode.Uri): string {
  return uri.scheme === "untitled" ? "app.yaml" : fileName(uri.path);
}

/** Reads a file as the editor shows it, saved first. */
async function read(uri: vscode.Uri): Promise<SourceFile> {
  const address = uri.toString();
  const document = vscode.workspace.textDocuments.find((it) => it.uri.toString() === address);
  if (document) {
    if (document.isDirty && !document.isUntitled && !(await document.save())) {
      throw new Complaint(`${fileName(uri.path)} could not be saved, so nothing was pushed.`);
    }
    return { uri: address, text: document.getText() };
  }
  const bytes = await vscode.workspace.fs.readFile(uri);
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return { uri: address, text };
  } catch {
    throw new Complaint(`${fileName(uri.path)} is not UTF-8 text, so nothing was pushed.`);
  }
}
