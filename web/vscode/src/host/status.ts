// The release that objects are checked against and where the schemas come from, in the status bar
// beside YAML files.
import * as vscode from "vscode";

import {
  isTroubled,
  type SchemaSource,
  type SchemasInUse,
  statusDetail,
  statusText,
} from "../core/cluster";
import type { Settings } from "../core/settings";

export class Status implements vscode.Disposable {
  private readonly item: vscode.StatusBarItem;
  private failure: string | undefined;

  constructor(
    private readonly settings: () => Settings,
    private readonly source: () => SchemaSource,
    /** What the server says that it uses, once it says so. */
    private readonly inUse: () => SchemasInUse | undefined,
    /** Why the state of the objects is not known. */
    private readonly unknown: () => string | undefined,
  ) {
    this.item = vscode.window.createStatusBarItem("kun.release", vscode.StatusBarAlignment.Right);
    this.item.name = "Kubernetes Release";
    this.item.command = "kun.selectRelease";
  }

  /** Takes note of why the server does not run, or that it does. */
  set(failure: string | undefined): void {
    this.failure = failure;
    this.show();
  }

  /** Draws it anew. */
  show(): void {
    const document = vscode.window.activeTextEditor?.document;
    // Who looks at an output still works at the file.
    if (document?.uri.scheme === "output") return;
    if (document?.languageId !== "yaml") {
      this.item.hide();
      return;
    }
    const [source, inUse] = [this.source(), this.inUse()];
    const isBroken = this.failure !== undefined;
    const mark = isBroken ? "$(error) " : isTroubled(source, inUse) ? "$(warning) " : "";
    this.item.text = mark + statusText(this.settings().release, source, inUse);
    const unknown = this.unknown();
    const state = unknown === undefined ? "" : ` State of the objects unknown: ${unknown}.`;
    this.item.tooltip = this.failure ?? `${statusDetail(source, inUse)}${state} Click to choose.`;
    const background = new vscode.ThemeColor("statusBarItem.errorBackground");
    this.item.backgroundColor = isBroken ? background : undefined;
    this.item.show();
  }

  dispose(): void {
    this.item.dispose();
  }
}
