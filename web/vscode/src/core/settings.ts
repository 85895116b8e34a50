// The settings of the extension: their names, what they are where nobody chose, and the part of
// them that the language server is told.

/** The releases of Kubernetes that the language server knows, newest first. */
export const RELEASES = ["1.37", "1.36", "1.35", "1.34", "1.33"] as const;

/** In place of a release: the one that the chosen cluster runs. */
export const AS_THE_CLUSTER = "cluster";

/** Every setting by its name in `package.json`, without the `kun.` before it. */
export const DEFAULTS = {
  release: "1.37",
  releases: {} as Record<string, string>,
  openapi: "",
  inlayHints: true,
  codeLenses: true,
  indentSequences: true,
  revealSecrets: false,
  "server.path": "",
  "backend.url": "",
  "backend.project": "",
  "backend.resourceSet": "",
  "backend.environment": "",
  "backend.cluster": "",
};

/** What a person chose. */
export type Settings = typeof DEFAULTS;
export type SettingName = keyof Settings;

/** Settings that the protocol library reads by itself. */
export const READ_BY_LIBRARY = ["trace.server"];

/** Settings of the program that answers: they take effect when it starts anew. */
export const NEED_RESTART: readonly SettingName[] = ["server.path"];

/** Reads all settings. What has another type than it should counts as not chosen. */
export function readSettings(read: (name: string) => unknown): Settings {
  const chosen = Object.entries(DEFAULTS).map(([name, otherwise]) => {
    const value = read(name);
    if (typeof value !== typeof otherwise) return [name, otherwise];
    return [name, typeof value === "string" ? value.trim() : plain(value)];
  });
  return Object.fromEntries(chosen) as Settings;
}

/** A copy that a worker can be sent: VS Code hands out objects that watch who reads them. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

/** Where a server that has no schemas of its own loads them from. */
export interface SchemaFiles {
  structure: string;
  descriptions: string[];
}

/** What the language server is told when it starts. */
export function initializationOptions(settings: Settings, schemas?: SchemaFiles): object {
  const { release, releases, openapi, inlayHints, codeLenses } = settings;
  const { indentSequences, revealSecrets } = settings;
  const chosen = { release, releases, openapi, inlayHints, codeLenses, indentSequences, revealSecrets };
  return { ...chosen, ...schemas };
}

/** The program that a person chose, or the one that comes with the extension. */
export function serverProgram(settings: Settings, bundled: string, platform: string): string {
  const name = platform === "win32" ? "lsp-server.exe" : "lsp-server";
  return settings["server.path"] || `${bundled.replace(/[\\/]$/, "")}/${name}`;
}

/**
 * The places that files are read from: the disk, what is not saved yet, and where the open folders
 * are. Others (the old side of a comparison, say) show an object that is open already.
 */
export function documentSelector(folders: readonly string[]) {
  const schemes = new Set(["file", "untitled", ...folders]);
  return [...schemes].map((scheme) => ({ language: "yaml", scheme }));
}
