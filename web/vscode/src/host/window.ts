// The window of VS Code, as commands ask it.
import * as vscode from "vscode";

import type { Problem } from "../core/places";
import type { Action, Choice, Level, Question, Report, Window } from "../core/ui";
import type { Previews } from "./previews";

/** One may look at a file, and at what a deploy would do, before one answers. */
const KEPT = { ignoreFocusOut: true };

export class HostWindow implements Window, vscode.Disposable {
  private readonly deploys = vscode.window.createOutputChannel("KUN Deploys");
  private readonly marks = vscode.languages.createDiagnosticCollection("kun-push");
  private readonly listener: vscode.Disposable;

  constructor(private readonly previews: Previews) {
    // What a person mends is no longer what the server saw.
    this.listener = vscode.workspace.onDidChangeTextDocument(({ document }) =>
      this.marks.delete(document.uri),
    );
  }

  dispose(): void {
    this.listener.dispose();
    this.marks.dispose();
    this.deploys.dispose();
  }

  async pick<T>(title: string, choices: Choice<T>[]): Promise<T | undefined> {
    const options = { ...KEPT, title, matchOnDescription: true, matchOnDetail: true };
    return (await vscode.window.showQuickPick(choices, options))?.value;
  }

  async pickMany<T>(title: string, choices: Choice<T>[]): Promise<T[] | undefined> {
    const options = { ...KEPT, title, canPickMany: true } as const;
    return (await vscode.window.showQuickPick(choices, options))?.map((it) => it.value);
  }

  async ask({ title, prompt, value, isSecret, fault }: Question): Promise<string | undefined> {
    const answer = await vscode.window.showInputBox({
      title,
      prompt,
      ...KEPT,
      ...(value !== undefined && { value }),
      ...(isSecret && { password: true }),
      // Who has typed nothing has done nothing wrong, and leaves by Enter as well.
      ...(fault && { validateInput: (text) => (text === "" ? undefined : fault(text)) }),
    });
    return answer === "" ? undefined : answer;
  }

  async tell(level: Level, message: string, actions: Action[] = []): Promise<void> {
    const show = {
      info: vscode.window.showInformationMessage,
      warning: vscode.window.showWarningMessage,
      error: vscode.window.showErrorMessage,
    }[level];
    const chosen = await show(message, ...actions.map((it) => it.label));
    await actions.find((it) => it.label === chosen)?.run();
  }

  async progress<T>(
    title: string,
    work: (report: Report) => Promise<T>,
    cancel?: () => void,
  ): Promise<T> {
    const location = vscode.ProgressLocation.Notification;
    const options = { location, title, cancellable: cancel !== undefined };
    return vscode.window.withProgress(options, (progress, token) => {
      token.onCancellationRequested(() => cancel?.());
      return work((message) => progress.report({ message }));
    });
  }

  async show(name: string, text: string): Promise<void> {
    const document = await vscode.workspace.openTextDocument(this.previews.set(name, text));
    await vscode.window.showTextDocument(document, { preview: true, preserveFocus: true });
  }

  log(line: string): void {
    this.deploys.appendLine(line);
  }

  showLog(): void {
    this.deploys.show(true);
  }

  async open(address: string): Promise<void> {
    await vscode.env.openExternal(vscode.Uri.parse(address, true));
  }

  mark(problems: Problem[]): void {
    this.marks.clear();
    for (const address of new Set(problems.map((it) => it.uri))) {
      const uri = vscode.Uri.parse(address, true);
      const known = vscode.languages.getDiagnostics(uri);
      const found = problems.filter((it) => it.uri === address && !isKnown(it, known));
      this.marks.set(uri, found.map(diagnostic));
    }
  }

  async showProblems(): Promise<void> {
    await vscode.commands.executeCommand("workbench.actions.view.problems");
  }
}

/** Whether the language server says the same of the place: the rules are its own. */
function isKnown(problem: Problem, known: readonly vscode.Diagnostic[]): boolean {
  const { line, message } = problem;
  return known.some((it) => it.range.start.line === line && it.message === message);
}

function diagnostic({ line, start, end, message, code, isError }: Problem): vscode.Diagnostic {
  const { Error, Warning } = vscode.DiagnosticSeverity;
  const range = new vscode.Range(line, start, line, end);
  const made = new vscode.Diagnostic(range, message, isError ? Error : Warning);
  made.source = "KUN server";
  if (code !== undefined) made.code = code;
  return made;
}
