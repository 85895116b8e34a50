// What can go wrong with a server, as sentences.
import { ownSite } from "./pages";
import type { Detail } from "./types";

/** The server refused, in its own words. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    /** A word for machines, such as `version_exists`; empty if it is no server of ours. */
    readonly code: string,
    message: string,
    readonly details: readonly Detail[] = [],
  ) {
    super(message);
  }

  /** Whether asking again is of no use. */
  get isForGood(): boolean {
    return this.status < 500;
  }

  /** Reads the body of an answer with a status of 300 or above. */
  static from(status: number, body: string): Refused {
    const said = parsed(body);
    if (typeof said?.code === "string" && typeof said.message === "string") {
      const details = Array.isArray(said.details) ? (said.details as Detail[]) : [];
      return new Refused(status, said.code, said.message, details);
    }
    // A redirection is not followed: it would carry the token to wherever it leads.
    const answer = status === 0 ? "with a redirection" : `${status}`;
    return new Refused(status, "", `the server answered ${answer}, and not as a KUN server does`);
  }
}

/** The server did not answer. */
export class Unreachable extends Error {
  constructor(server: string, reason: unknown) {
    super(`cannot reach ${server}: ${innermost(reason)}${permission()}`);
  }
}

/** A browser does not tell a server that is away from one that does not allow the page to ask. */
function permission(): string {
  const site = ownSite();
  return site ? `; it must run, and be started with \`--allow-origin ${site}\`` : "";
}

/** Something that a person is told and can mend. */
export class Complaint extends Error {}

/** Any failure as a sentence that starts with a capital letter. */
export function sentence(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What lies at the bottom of an error: `ECONNREFUSED` says more than `fetch failed`. */
function innermost(error: unknown): string {
  let inner = error;
  for (let depth = 0; depth < 8 && inner instanceof Error && inner.cause; depth++) {
    inner = inner.cause;
  }
  if (!(inner instanceof Error)) return String(inner);
  if (inner.name === "TimeoutError") return "it did not answer in time";
  // An error of several addresses has no message of its own.
  return inner.message || ("code" in inner ? String(inner.code) : inner.name);
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === "object" ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
