// The release that objects are checked against, in the status bar of YAML files.
import * as vscode from "vscode";

export class ReleaseStatus implements vscode.Disposable {
  private readonly item: vscode.LanguageStatusItem;
  private readonly listener: vscode.Disposable;

  constructor() {
    this.item = vscode.languages.createLanguageStatusItem("kun.release", { language: "yaml" });
    this.item.name = "Kubernetes release";
    this.item.detail = "schemas of the language server";
    this.item.command = { command: "kun.selectRelease", title: "Select" };
    this.listener = vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("kun.release")) this.show();
    });
    this.show();
  }

  dispose(): void {
    this.listener.dispose();
    this.item.dispose();
  }

  private show(): void {
    const release = vscode.workspace.getConfiguration("kun").get("release", "");
    this.item.text = `Kubernetes ${release}`;
  }
}
