// What a command asks of the window that it runs in, and nothing more: the host gives it in VS
// Code, tests give it in memory.
import type { SettingName, Settings } from "./settings";
import type { Checkout } from "./names";
import type { Problem } from "./places";

/** One of several to choose from. */
export interface Choice<T> {
  label: string;
  description?: string;
  detail?: string;
  value: T;
}

export interface Question {
  title: string;
  prompt: string;
  value?: string;
  /** Not shown while it is typed. */
  isSecret?: boolean;
  /** Why an answer cannot be taken. */
  fault?: (answer: string) => string | undefined;
}

/** What a person can do about a message. */
export interface Action {
  label: string;
  run: () => unknown;
}

export type Level = "info" | "warning" | "error";

/** Says how far something is. */
export type Report = (message: string) => void;

export interface Window {
  /** The one that was chosen, or nothing if the person left. */
  pick<T>(title: string, choices: Choice<T>[]): Promise<T | undefined>;
  /** Those that were chosen, none of them at first, or nothing if the person left. */
  pickMany<T>(title: string, choices: Choice<T>[]): Promise<T[] | undefined>;
  ask(question: Question): Promise<string | undefined>;
  /** Shows a message with buttons and returns at once, unless it is waited for. */
  tell(level: Level, message: string, actions?: Action[]): Promise<void>;
  /** Shows that something goes on; with a button to `cancel` it, if that can be. */
  progress<T>(title: string, work: (report: Report) => Promise<T>, cancel?: () => void): Promise<T>;
  /** Shows a text that cannot be edited. */
  show(name: string, text: string): Promise<void>;
  /** Appends a line to the log of deploys, and brings it into view if told so. */
  log(line: string): void;
  showLog(): void;
  open(address: string): Promise<void>;
  /** Marks places in files, in place of those marked before. */
  mark(problems: Problem[]): void;
  showProblems(): Promise<void>;
}

/** A file that is pushed. */
export interface SourceFile {
  /** Names it for the host. */
  uri: string;
  text: string;
}

/** Something that can be pushed. */
export interface Source {
  label: string;
  description?: string;
  /** Saves what is not saved, and reads. Files by their path in the version. */
  read(): Promise<Map<string, SourceFile>>;
  checkout(): Promise<Checkout | undefined>;
}

/** The language server. */
export interface LanguageServer {
  restart(): Promise<void>;
  showOutput(): void;
}

/** Everything that a command works with. */
export interface Workplace {
  window: Window;
  settings(): Settings;
  change(name: SettingName, value: string): Promise<void>;
  /** Kept by the system's key store. */
  secrets: {
    get(key: string): Promise<string | undefined>;
    set(key: string, value: string): Promise<void>;
    remove(key: string): Promise<void>;
  };
  /** Kept for the folder that is open. */
  memory: {
    get(key: string): string | undefined;
    set(key: string, value: string): Promise<void>;
  };
  /** What can be pushed: the file or folder `target`, or what is open. */
  sources(target?: string): Promise<Source[]>;
  server: LanguageServer;
  /** Something may have changed what the cluster of the settings serves, or whether one may ask. */
  schemasChanged(): void;
}
