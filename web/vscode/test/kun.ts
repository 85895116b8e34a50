// The real server of KUN with its sandbox and example, on a free port, with data of its own.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Kun {
  url: string;
  /** The link that was printed. */
  signInLink: string;
  stop(): Promise<void>;
}

/** `more` are options beside those that every test wants. */
export async function startKun(...more: string[]): Promise<Kun> {
  const data = await mkdtemp(join(tmpdir(), "kun-vscode-"));
  const common = ["--listen", "127.0.0.1:0", "--data", data, "--example", "--user", "ada"];
  const options = [...common, ...more];
  const child = spawn(required("KUN_SERVER_BINARY"), options, { stdio: "pipe" });
  const signInLink = await printedLink(child);
  return {
    url: new URL(signInLink).origin,
    signInLink,
    stop: async () => {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
      await rm(data, { recursive: true, force: true });
    },
  };
}

function printedLink(child: ChildProcess): Promise<string> {
  let printed = "";
  return new Promise((resolve, reject) => {
    const read = (chunk: Buffer) => {
      printed += chunk.toString();
      const link = /http:\/\/\S+\/login\?token=[\w-]+/.exec(printed);
      if (link) resolve(link[0]);
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    child.on("error", reject);
    child.on("exit", (code) => reject(new Error(`the server ended with ${code}:\n${printed}`)));
  });
}

export function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run the tests with \`cargo xtask test\``);
  return value;
}
