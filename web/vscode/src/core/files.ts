// Paths of files, with `/`.

/** The last part of a path. */
export function fileName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** Whether a file of a folder is pushed with it: manifests are, nothing that starts with a dot. */
export function isPushed(path: string): boolean {
  const isHidden = path.split("/").some((part) => part.startsWith("."));
  return !isHidden && /\.(yaml|yml|json)$/.test(path);
}
