// What VS Code's own Git extension knows of a folder.
import * as vscode from "vscode";

import type { Checkout } from "../core/names";

// The part of that extension's interface that is used here.
interface GitExtension {
  getAPI(version: 1): { getRepository(uri: vscode.Uri): Repository | null };
}

interface Repository {
  state: {
    HEAD?: { name?: string; commit?: string };
    mergeChanges: Changed[];
    indexChanges: Changed[];
    workingTreeChanges: Changed[];
    untrackedChanges?: Changed[];
  };
  getRefs(query: { pattern: string }): Promise<{ name?: string; commit?: string }[]>;
}

interface Changed {
  uri: vscode.Uri;
}

/** The commit that a file or folder is of, if Git knows it. */
export async function checkoutOf(uri: vscode.Uri): Promise<Checkout | undefined> {
  const extension = vscode.extensions.getExtension<GitExtension>("vscode.git");
  try {
    const git = await extension?.activate();
    const repository = git?.getAPI(1).getRepository(uri);
    const head = repository?.state.HEAD;
    if (!repository || !head?.commit) return undefined;
    const tag = await tagOf(repository, head.commit);
    return {
      commit: head.commit,
      isClean: isClean(repository, uri),
      ...(head.name !== undefined && { branch: head.name }),
      ...(tag !== undefined && { tag }),
    };
  } catch {
    // Git is switched off, or not installed: a version needs no commit.
    return undefined;
  }
}

async function tagOf(repository: Repository, commit: string): Promise<string | undefined> {
  const tags = await repository.getRefs({ pattern: "refs/tags/*" });
  return tags.find((it) => it.commit === commit)?.name;
}

function isClean({ state }: Repository, uri: vscode.Uri): boolean {
  const { mergeChanges, indexChanges, workingTreeChanges, untrackedChanges = [] } = state;
  const changed = [...mergeChanges, ...indexChanges, ...workingTreeChanges, ...untrackedChanges];
  const isInside = (path: string) => path === uri.path || path.startsWith(`${uri.path}/`);
  return !changed.some((it) => isInside(it.uri.path));
}
