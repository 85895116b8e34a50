// Where the language server is. Pure.
import * as path from "node:path";

// The program that a person chose, or the one that comes with the extension.
export function serverPath(chosen: string, bundled: string, platform: NodeJS.Platform): string {
  const wanted = chosen.trim();
  if (wanted !== "") return wanted;
  return path.join(bundled, platform === "win32" ? "lsp-server.exe" : "lsp-server");
}
