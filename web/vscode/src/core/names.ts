// Names of versions and sets: what is allowed, and what the next version might be called.

/** What is known of the folder that is pushed. */
export interface Checkout {
  branch?: string;
  /** The commit in full. */
  commit: string;
  /** A tag that stands on the commit. */
  tag?: string;
  /** Whether the files are those of the commit. */
  isClean: boolean;
}

const VERSION_RULE =
  "Use 1 to 128 letters, digits, `-`, `_` and single `.`, with a letter or digit at both ends.";
const SLUG_RULE =
  "Use 1 to 63 lower-case letters, digits and `-`, with a letter or digit at both ends.";

/** Why `name` can be no version; nothing if it can. */
export function versionFault(name: string): string | undefined {
  const isName = /^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(name);
  if (!isName || name.length > 128 || name.includes("..")) return VERSION_RULE;
  return name === "draft" ? "`draft` is what pages call a version that is not saved." : undefined;
}

/** Why `name` can be no resource set; nothing if it can. */
export function slugFault(name: string): string | undefined {
  const isName = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(name) && name.length <= 63;
  return isName ? undefined : SLUG_RULE;
}

/**
 * A name for the next version that none of `taken` (newest first) has: the tag of the commit,
 * `dev-1a2b3c4d` for a commit of a branch, or what follows the newest version.
 */
export function suggestedName(taken: readonly string[], checkout?: Checkout): string {
  const wish = checkout && nameOfCheckout(checkout);
  if (wish && checkout.isClean && !taken.includes(wish)) return wish;
  const base = wish ?? taken[0]?.replace(/-edit\.\d+$/, "");
  if (base === undefined) return "v1";
  const edits = taken.filter((name) => name.startsWith(`${base}-edit.`));
  const numbers = edits.map((name) => Number(name.slice(base.length + "-edit.".length)) || 0);
  return `${base}-edit.${Math.max(0, ...numbers) + 1}`;
}

function nameOfCheckout({ branch, commit, tag }: Checkout): string | undefined {
  if (tag !== undefined && versionFault(tag) === undefined) return tag;
  const plain = (branch ?? "").replace(/[^A-Za-z0-9]+/g, "-").slice(0, 60);
  const name = `${plain}-${commit.slice(0, 8)}`.replace(/^-+/, "");
  return versionFault(name) === undefined ? name : undefined;
}
