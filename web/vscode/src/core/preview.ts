// What a deploy would do, as a text that is coloured as a difference.
import type { SetName } from "./api";
import type { Change, FieldChange, Preview, PreviewObject } from "./types";

/** What is to be deployed, and where. */
export interface Plan extends SetName {
  version: string;
  environment: string;
  cluster: string;
  namespace: string;
}

const VERBS: Record<Change, string> = {
  create: "create",
  change: "change",
  replace: "replace",
  remove: "delete",
  unchanged: "keep",
};

const MARKS: Record<Change, string> = {
  create: "+",
  change: "!",
  replace: "!",
  remove: "-",
  unchanged: " ",
};

/** The whole text. */
export function previewText(plan: Plan, preview: Preview): string {
  const { project, set, version, environment, cluster, namespace } = plan;
  const parts = [
    `# ${project}/${set} ${version} to ${environment} (cluster ${cluster}, namespace ${namespace})`,
    `# ${summary(preview)}`,
    ...section("Rights that you lack", preview.missing_rights),
    ...section("The cluster warns", preview.warnings),
    "",
    ...preview.objects.flatMap(objectLines),
  ];
  return `${parts.join("\n").trimEnd()}\n`;
}

/** Counts in one sentence: `create 1 object, change 2, keep 3`. */
export function summary(preview: Preview): string {
  const counts = (Object.keys(VERBS) as Change[]).map((change) => ({
    verb: VERBS[change],
    count: preview.objects.filter((it) => it.diff.change === change).length,
  }));
  const [first, ...others] = counts.filter(({ count }) => count > 0);
  if (!first) return "do nothing, since nothing is described";
  const what = first.count === 1 ? "1 object" : `${first.count} objects`;
  return [`${first.verb} ${what}`, ...others.map((it) => `${it.verb} ${it.count}`)].join(", ");
}

/** Whether the deploy would change anything. */
export function changesNothing(preview: Preview): boolean {
  return preview.objects.every((it) => it.diff.change === "unchanged");
}

/** Why the deploy cannot succeed, as far as is known: rights that are missing, refused objects. */
export function obstacles(preview: Preview): string[] {
  const refused = preview.objects.flatMap((it) =>
    it.problem === undefined ? [] : [`${it.diff.kind}/${it.diff.name}: ${it.problem}`],
  );
  return [...preview.missing_rights, ...refused];
}

/** Fields that others own, which a deploy must be told to take. */
export function conflicts(preview: Preview): number {
  return preview.objects.reduce((sum, it) => sum + (it.conflicts?.length ?? 0), 0);
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", `# ${title}:`, ...lines.map((line) => `#   ${plain(line)}`)];
}

function objectLines({ diff, conflicts = [], problem }: PreviewObject): string[] {
  const { kind, name, namespace, change, fields = [] } = diff;
  const replaced = change === "replace" ? "  (deleted and made again)" : "";
  const where = namespace === undefined ? "" : `  in ${namespace}`;
  return [
    plain(`${MARKS[change]} ${kind}/${name}${where}${replaced}`),
    ...(problem === undefined ? [] : [`!     problem: ${plain(problem)}`]),
    ...conflicts.map(({ field, manager }) => plain(`!     ${field} belongs to ${manager}`)),
    ...fields.flatMap(fieldLines),
    "",
  ];
}

function fieldLines({ path, from, to }: FieldChange): string[] {
  const line = (mark: string, value: unknown) =>
    value === undefined ? [] : [plain(`${mark}     ${path}: ${JSON.stringify(value)}`)];
  return [...line("-", from), ...line("+", to)];
}

/** A text that came from a cluster stays on its line. */
function plain(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, "\ufffd");
}
