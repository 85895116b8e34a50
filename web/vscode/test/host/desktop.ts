// Runs in the host of extensions that Node.js is, as on a desktop: the language server is a program.
import childProcess, { type ChildProcess } from "node:child_process";

import type { TextDocument } from "vscode";

import { check, diagnostics, equal, step, useAll } from "./steps";

/** Called by VS Code; what it throws fails the test. */
export async function run(): Promise<void> {
  const programs = keepPrograms();
  const document = await useAll();

  await step("a program that is killed is started anew, and knows the files", async () => {
    await kill(programs, document);
    await diagnostics(document.uri);
  });

  await step("one that dies again and again is left alone, until one asks for it", async () => {
    for (let deaths = 2; deaths <= 4; deaths += 1) {
      await kill(programs, document);
      await diagnostics(document.uri);
    }
    // Now there is a message, with a button.
    console.log("press Restart");
    const count = programs.length;
    await kill(programs, document);
    await diagnostics(document.uri);
    equal(programs.length, count + 1);
  });
}

/** Ends the program that runs, and waits until VS Code has forgotten what it said. */
async function kill(programs: ChildProcess[], { uri }: TextDocument): Promise<void> {
  const program = programs.at(-1);
  check(program?.exitCode === null, "a program runs");
  const forgotten = diagnostics(uri, 0);
  program.kill("SIGKILL");
  await forgotten;
}

/** The language servers that the extension starts from now on. */
function keepPrograms(): ChildProcess[] {
  const programs: ChildProcess[] = [];
  const { spawn } = childProcess;
  const kept = (command: string, ...rest: []) => {
    const program = spawn(command, ...rest);
    if (command.endsWith("lsp-server")) programs.push(program);
    return program;
  };
  Object.assign(childProcess, { spawn: kept });
  return programs;
}
