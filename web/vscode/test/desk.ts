// A workplace in memory: answers questions as it was told before and writes down what it saw.
import type { Problem } from "../src/core/places";
import type { Checkout } from "../src/core/names";
import { readSettings, type SettingName } from "../src/core/settings";
import type { Action, Choice, Question, Source, Workplace } from "../src/core/ui";

/** What a person does, in order: chooses or types, and presses a button of a message or none. */
export type Answer = string | string[] | undefined;

export class Desk {
  /** Everything that was shown, a line each. */
  readonly seen: string[] = [];
  readonly chosen: Record<string, unknown> = {};
  readonly kept = new Map<string, string>();
  readonly remembered = new Map<string, string>();
  readonly log: string[] = [];
  problems: Problem[] = [];
  shown = "";
  files: Record<string, string> = {};
  checkout: Checkout | undefined;
  private answers: Answer[] = [];

  /** Runs a command while a person answers. Fails unless every answer was asked for. */
  async run(command: (place: Workplace) => Promise<void>, ...answers: Answer[]): Promise<string[]> {
    this.answers = answers;
    this.seen.length = 0;
    await command(this.place());
    if (this.answers.length > 0) throw new Error(`never asked for: ${this.answers.join(", ")}`);
    return this.seen;
  }

  place(): Workplace {
    return {
      settings: () => readSettings((name) => this.chosen[name]),
      change: async (name: SettingName, value) => void (this.chosen[name] = value),
      secrets: {
        get: async (key) => this.kept.get(key),
        set: async (key, value) => void this.kept.set(key, value),
        remove: async (key) => void this.kept.delete(key),
      },
      memory: {
        get: (key) => this.remembered.get(key),
        set: async (key, value) => void this.remembered.set(key, value),
      },
      sources: async () => [this.source()],
      schemasChanged: () => {},
      server: { restart: async () => this.see("restart"), showOutput: () => this.see("output") },
      window: {
        pick: (title, choices) => this.pick(title, choices),
        pickMany: (title, choices) => this.pickMany(title, choices),
        ask: (question) => this.ask(question),
        tell: (level, message, actions = []) => this.tell(level, message, actions),
        progress: (_, work) => work(() => {}),
        show: async (name, text) => {
          this.see(`show ${name}`);
          this.shown = text;
        },
        log: (line) => void this.log.push(line),
        showLog: () => this.see("log"),
        open: async (address) => this.see(`open ${address}`),
        mark: (problems) => void (this.problems = problems),
        showProblems: async () => this.see("problems"),
      },
    };
  }

  private source(): Source {
    const files = Object.entries(this.files);
    const read = files.map(([path, text]) => [path, { uri: `file:///k8s/${path}`, text }] as const);
    return {
      label: "k8s",
      read: async () => new Map(read),
      checkout: async () => this.checkout,
    };
  }

  private async pick<T>(title: string, choices: Choice<T>[]): Promise<T | undefined> {
    this.see(`pick ${title}: ${choices.map((it) => it.label).join(", ")}`);
    const answer = this.next();
    if (answer === undefined) return undefined;
    return found(choices, answer).value;
  }

  private async pickMany<T>(title: string, choices: Choice<T>[]): Promise<T[] | undefined> {
    this.see(`pick ${title}`);
    const answer = this.next();
    if (!Array.isArray(answer)) return undefined;
    return answer.map((label) => found(choices, label).value);
  }

  private async ask({ title, prompt, value = "", fault }: Question): Promise<string | undefined> {
    this.see(`ask ${title}: ${prompt} [${value}]`);
    const answer = this.next();
    const text = answer === "" ? value : answer;
    if (typeof text !== "string") return undefined;
    const wrong = fault?.(text);
    if (wrong === undefined) return text;
    this.see(`wrong: ${wrong}`);
    return undefined;
  }

  private async tell(level: string, message: string, actions: Action[]): Promise<void> {
    const buttons = actions.map((it) => ` [${it.label}]`).join("");
    this.see(`${level}: ${message}${buttons}`);
    if (actions.length === 0) return;
    const answer = this.next();
    if (answer !== undefined) await found(actions, answer).run();
  }

  private see(line: string): void {
    this.seen.push(line);
  }

  private next(): Answer {
    if (this.answers.length === 0) throw new Error(`no answer for:\n${this.seen.join("\n")}`);
    return this.answers.shift();
  }
}

function found<T extends { label: string }>(choices: T[], label: Answer): T {
  const choice = choices.find((it) => it.label === label);
  if (!choice) throw new Error(`no \`${label}\` among ${choices.map((it) => it.label).join(", ")}`);
  return choice;
}
