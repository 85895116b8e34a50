// Asks for the Kubernetes release that objects are written for.
import * as vscode from "vscode";

export async function selectRelease(): Promise<void> {
  const settings = vscode.workspace.getConfiguration("kun");
  const known = ["1.37", "1.36", "1.35", "1.34", "1.33"];
  const current = settings.get("release", "");
  const choice = await vscode.window.showQuickPick(
    known.map((release) => ({
      label: release,
      description: release === current ? "in use" : undefined,
    })),
    { title: "Kubernetes release", placeHolder: "The release that objects are written for" },
  );
  if (choice === undefined) return;
  const isWorkspace = vscode.workspace.workspaceFolders !== undefined;
  const target = isWorkspace
    ? vscode.ConfigurationTarget.Workspace
    : vscode.ConfigurationTarget.Global;
  await settings.update("release", choice.label, target);
}
