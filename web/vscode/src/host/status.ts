// The release that objects are checked against, in the status bar beside YAML files.
import * as vscode from "vscode";

import type { Settings } from "../core/settings";

export class Status implements vscode.Disposable {
  private readonly item: vscode.StatusBarItem;
  private failure: string | undefined;

  constructor(private readonly settings: () => Settings) {
    this.item = vscode.window.createStatusBarItem("kun.release", vscode.StatusBarAlignment.Right);
    this.item.name = "Kubernetes Release";
    this.item.command = "kun.selectRelease";
  }

  /** Takes note of whether the server runs. */
  set(failure: string | undefined): void {
    this.failure = failure;
    this.show();
  }

  /** Draws it anew. */
  show(): void {
    if (vscode.window.activeTextEditor?.document.languageId !== "yaml") {
      this.item.hide();
      return;
    }
    const { release } = this.settings();
    const mark = this.failure === undefined ? "" : "$(error) ";
    this.item.text = `${mark}Kubernetes ${release}`;
    this.item.tooltip =
      this.failure ?? `Objects are written for Kubernetes ${release}. Schemas: built in. Click to select.`;
    this.item.backgroundColor =
      this.failure === undefined ? undefined : new vscode.ThemeColor("statusBarItem.errorBackground");
    this.item.show();
  }

  dispose(): void {
    this.item.dispose();
  }
}
