// The address of a server, and of its pages.
import type { SetName } from "./api";

/** The start page. */
export function homePage(server: string): string {
  return `${server}/`;
}

/** Where a person makes tokens. */
export function accountPage(server: string): string {
  return `${server}/account`;
}

export function setPage(server: string, { project, set }: SetName): string {
  return `${server}/p/${encodeURIComponent(project)}/${encodeURIComponent(set)}`;
}

export function versionPage(server: string, name: SetName, version: string): string {
  return `${setPage(server, name)}/${encodeURIComponent(version)}`;
}

export function deployPage(server: string, id: string): string {
  return `${server}/deploys/${encodeURIComponent(id)}`;
}

/**
 * The site that the page of VS Code is of, where it runs in a browser: a server of KUN answers it
 * only if it was told to.
 */
export function ownSite(): string | undefined {
  return "origin" in globalThis ? String(globalThis.origin) : undefined;
}

/** The server that an address names, or nothing if it names none. */
export function serverOf(address: string): string | undefined {
  let url: URL;
  try {
    url = new URL(address.trim());
  } catch {
    return undefined;
  }
  const isWeb = url.protocol === "https:" || url.protocol === "http:";
  return isWeb && !url.username && !url.password ? url.origin : undefined;
}

/** A sign-in link, taken apart: the server that printed it and what is sent back to it. */
export function signInLink(text: string): { server: string; secret: string } | undefined {
  const server = serverOf(text);
  if (!server) return undefined;
  const url = new URL(text.trim());
  const secret = url.pathname === "/login" ? url.searchParams.get("token") : undefined;
  return secret ? { server, secret } : undefined;
}
