// Places that a server complains of, as ranges in the files of the editor.
import type { Detail } from "./types";
import type { SourceFile } from "./ui";

/** A range on one line, from 0 on, in the units of JavaScript's strings. */
export interface Span {
  line: number;
  start: number;
  end: number;
}

/** A marked place. */
export interface Problem extends Span {
  uri: string;
  message: string;
  code?: string;
  isError: boolean;
}

/** The details that name a file of `files` as problems, and the rest as they are. */
export function problemsOf(
  details: readonly Detail[],
  files: ReadonlyMap<string, SourceFile>,
  isError: boolean,
): { problems: Problem[]; rest: Detail[] } {
  const problems: Problem[] = [];
  const rest: Detail[] = [];
  for (const detail of details) {
    const file = files.get(detail.place);
    if (!file) {
      rest.push(detail);
      continue;
    }
    const { code, message } = detail;
    const span = spanAt(file.text, detail.line ?? 1, detail.column);
    problems.push({ uri: file.uri, ...span, message, ...(code && { code }), isError });
  }
  return { problems, rest };
}

/** The word at a line and column (from 1 on, in characters); the line where none is there. */
export function spanAt(text: string, line: number, column?: number): Span {
  const lines = text.split(/\r\n|\r|\n/);
  const at = Math.min(Math.max(line, 1), lines.length) - 1;
  const content = lines[at] ?? "";
  if (column === undefined) {
    return { line: at, start: content.search(/\S|$/), end: content.trimEnd().length };
  }
  const start = Array.from(content).slice(0, Math.max(column, 1) - 1).join("").length;
  const word = /^(?:"[^"]*"|'[^']*'|[^\s:,[\]{}]+)/.exec(content.slice(start));
  return { line: at, start, end: word ? start + word[0].length : Math.max(start, content.trimEnd().length) };
}

/** A detail as compilers write it: `app.yaml:3:5: unknown field … [unknown-field]`. */
export function detailLine({ place, line, column, message, code }: Detail): string {
  const where = [place, line, column].filter((part) => part !== undefined && part !== "");
  const start = where.length > 0 ? `${where.join(":")}: ` : "";
  return `${start}${message}${code ? ` [${code}]` : ""}`;
}
