// What a person does with the extension, in the host of extensions, beside it. Where a person types
// or presses a button, it prints so, and `build/window.mjs` does it.
import * as vscode from "vscode";

const TEXT = `apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  clusterIp: None
`;
/** The server that runs beside, put here by the bundler. */
declare const KUN: { url: string; token: string };
const FIELD = new vscode.Range(5, 2, 5, 11);

/** What holds wherever the language server runs. Returns a file with one mistake. */
export async function useAll(): Promise<vscode.TextDocument> {
  const extension = vscode.extensions.getExtension("kun.kun");
  check(extension, "the extension is installed");
  const document = await vscode.workspace.openTextDocument({ language: "yaml", content: TEXT });
  await vscode.window.showTextDocument(document);
  await step("an unknown field is marked", async () => {
    const [found] = await diagnostics(document.uri);
    equal(found?.message, "unknown field `clusterIp` in Service.spec; did you mean `clusterIP`?");
  });
  check(extension.isActive, "the extension is active");

  await step("its quick fix mends it", async () => {
    const [found] = vscode.languages.getDiagnostics(document.uri);
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      "vscode.executeCodeActionProvider",
      document.uri,
      found?.range,
    );
    const gone = diagnostics(document.uri, 0);
    const fix = actions.find((it) => it.edit !== undefined);
    check(fix?.edit, "there is a fix");
    await vscode.workspace.applyEdit(fix.edit);
    check(document.getText().includes("clusterIP: None"), document.getText());
    await gone;
  });

  await step("a kind is described, with the words that are loaded last", async () => {
    // Each question goes to the worker and back, which loads meanwhile.
    while (!/named abstraction of software service/.test(await hover(document.uri, 1, 8)));
  });

  await step("fields are offered where they may stand", async () => {
    const position = new vscode.Position(5, 2);
    const list = await vscode.commands.executeCommand<vscode.CompletionList>(
      "vscode.executeCompletionItemProvider",
      document.uri,
      position,
    );
    check(list.items.some((it) => it.label === "ports"), "`ports` is offered");
  });

  await step("another release is chosen", async () => {
    const settings = vscode.workspace.getConfiguration("kun");
    await settings.update("release", "1.33", vscode.ConfigurationTarget.Global);
    await until(async () => (await hover(document.uri, 1, 8)).includes("/v1.33/"));
  });

  await step("every command is there", async () => {
    const commands = await vscode.commands.getCommands(true);
    const contributed = extension.packageJSON.contributes.commands as { command: string }[];
    for (const { command } of contributed) check(commands.includes(command), command);
  });

  await step("one signs in by a token, pushes the file and deploys it", async () => {
    await typed("kun.signIn", "", KUN.token);
    await setting("backend.project", "demo");
    await setting("backend.resourceSet", "web");
    await setting("backend.environment", "dev");
    // The message at the end of each stays until somebody presses a button.
    void typed("kun.push", "", "from-a-browser");
    await until(async () => (await asked("sets/web/versions"))[0]?.name === "from-a-browser");
    void typed("kun.deploy", "from-a-browser", "", "");
    await until(async () => (await asked("sets/web/deploys"))[0]?.state === "succeeded");
  });

  await step("the server is started anew", async () => {
    await vscode.commands.executeCommand("kun.restart");
    await diagnostics(document.uri, 0);
    const found = diagnostics(document.uri);
    const editor = await vscode.window.showTextDocument(document);
    await editor.edit((edit) => edit.replace(FIELD, "clusterIp"));
    check((await found)[0]?.message.startsWith("unknown field `clusterIp`"), "it answers");
  });
  return document;
}

/** Runs a command while a person types, and presses Enter after each. */
async function typed(command: string, ...answers: string[]): Promise<void> {
  for (const answer of answers) console.log(`type ${answer}`);
  await vscode.commands.executeCommand(command);
}

async function setting(name: string, value: string): Promise<void> {
  const settings = vscode.workspace.getConfiguration("kun");
  await settings.update(name, value, vscode.ConfigurationTarget.Global);
}

/** A list of the server's, as another client sees it. */
async function asked(path: string): Promise<{ name?: string; state?: string }[]> {
  const headers = { authorization: `Bearer ${KUN.token}` };
  const response = await fetch(`${KUN.url}/api/projects/demo/${path}`, { headers });
  return ((await response.json()) as { items: { name?: string; state?: string }[] }).items;
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 200));
}

async function hover(uri: vscode.Uri, line: number, character: number): Promise<string> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    "vscode.executeHoverProvider",
    uri,
    new vscode.Position(line, character),
  );
  return hovers.flatMap((it) => it.contents).map((it) => (it as vscode.MarkdownString).value).join();
}

/** The diagnostics of a file, once it has some, or once it has `count`. */
export function diagnostics(uri: vscode.Uri, count?: number): Promise<vscode.Diagnostic[]> {
  return new Promise((resolve) => {
    const look = () => {
      const found = vscode.languages.getDiagnostics(uri);
      if (count === undefined ? found.length === 0 : found.length !== count) return;
      listener.dispose();
      resolve(found);
    };
    const listener = vscode.languages.onDidChangeDiagnostics(look);
    look();
  });
}

export async function step(what: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
    console.log(`ok  ${what}`);
  } catch (error) {
    throw new Error(`${what}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

export function check(condition: unknown, what: string): asserts condition {
  if (!condition) throw new Error(what);
}

export function equal(found: unknown, wanted: unknown): void {
  if (found !== wanted) throw new Error(`wanted ${String(wanted)}, found ${String(found)}`);
}
