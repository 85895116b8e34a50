// Questions that push and deploy have in common: which project, set, version and environment.
// What the settings name is not asked; what was chosen before comes first.
import type { Api, SetName } from "./api";
import { Complaint } from "./failure";
import { slugFault } from "./names";
import type { SettingName } from "./settings";
import type { Environment, ResourceSet, Version } from "./types";
import type { Choice, Workplace } from "./ui";

interface Asked<T> {
  title: string;
  /** The setting that answers it. */
  setting?: SettingName;
  /** Under which the answer is remembered. */
  key: string;
  choices: Choice<T>[];
  name: (value: T) => string;
  /** What to do where there is nothing to choose from. */
  none: string;
}

/** The project and resource set. `mayAdd` offers to make a new set. */
export async function chooseSet(
  place: Workplace,
  api: Api,
  mayAdd: boolean,
): Promise<SetName | undefined> {
  const project = await chooseProject(place, api);
  if (project === undefined) return undefined;
  const chosen = place.settings()["backend.resourceSet"];
  if (chosen !== "") return { project, set: chosen };
  const sets = await api.sets(project);
  const choices: Choice<string | null>[] = sets.map((it) => setChoice(it));
  if (mayAdd) choices.push({ label: "$(add) New resource set…", value: null });
  const set = await choose(place, {
    title: `Resource set of ${project}`,
    key: `set of ${project}`,
    choices,
    name: (value) => value ?? "",
    none: `Project \`${project}\` has no resource set yet: push a version first.`,
  });
  const named = set === null ? await newSet(place, api, project) : set;
  return named === undefined ? undefined : { project, set: named };
}

/** A version of the set that is there. */
export async function chooseVersion(
  place: Workplace,
  api: Api,
  name: SetName,
): Promise<string | undefined> {
  const versions = await api.versions(name);
  return choose(place, {
    title: `Version of ${name.project}/${name.set}`,
    key: "",
    choices: versions.map(versionChoice),
    name: (value) => value,
    none: `Set \`${name.set}\` has no version yet: push one first.`,
  });
}

/** The environment to deploy to. */
export async function chooseEnvironment(
  place: Workplace,
  api: Api,
  project: string,
): Promise<Environment | undefined> {
  const environments = await api.environments(project);
  return choose(place, {
    title: `Environment of ${project}`,
    setting: "backend.environment",
    key: `environment of ${project}`,
    choices: environments.map((it) => ({
      label: it.name,
      description: `cluster ${it.cluster}, namespace ${it.namespace}`,
      value: it,
    })),
    name: (value) => value.name,
    none: `Project \`${project}\` has no environment: its owner adds one in KUN.`,
  });
}

async function chooseProject(place: Workplace, api: Api): Promise<string | undefined> {
  const chosen = place.settings()["backend.project"];
  if (chosen !== "") return chosen;
  const projects = await api.projects();
  return choose(place, {
    title: "Project",
    key: "project",
    choices: projects.map((it) => ({
      label: it.name,
      description: it.description,
      value: it.name,
    })),
    name: (value) => value,
    none: "There is no project that you may see: an admin of KUN adds one, or adds you to one.",
  });
}

async function choose<T>(place: Workplace, asked: Asked<T>): Promise<T | undefined> {
  const { title, setting, key, choices, name, none } = asked;
  const wanted = setting === undefined ? "" : place.settings()[setting];
  if (wanted !== "") {
    const found = choices.find((it) => name(it.value) === wanted);
    if (found) return found.value;
    throw new Complaint(`\`kun.${setting}\` is \`${wanted}\`, which is not there.`);
  }
  const [first] = choices;
  if (!first) throw new Complaint(none);
  if (choices.length === 1) return first.value;
  const before = place.memory.get(key);
  const isBefore = (it: Choice<T>) => name(it.value) === before;
  const sorted = [...choices.filter(isBefore), ...choices.filter((it) => !isBefore(it))];
  const value = await place.window.pick(title, sorted);
  if (value !== undefined && key !== "") await place.memory.set(key, name(value));
  return value;
}

async function newSet(place: Workplace, api: Api, project: string): Promise<string | undefined> {
  const name = await place.window.ask({
    title: `New resource set in ${project}`,
    prompt: "Name of the set, such as `web`",
    fault: slugFault,
  });
  return name && (await api.addSet(project, name)).name;
}

function setChoice(set: ResourceSet): Choice<string> {
  const versions = set.versions === 1 ? "1 version" : `${set.versions} versions`;
  const newest = set.newest === undefined ? "" : `, newest ${set.newest}`;
  return { label: set.name, description: versions + newest, value: set.name };
}

function versionChoice({ name, provenance, created_at, objects }: Version): Choice<string> {
  const from = provenance.git_ref === undefined ? "" : ` from ${provenance.git_ref}`;
  const when = created_at.slice(0, 16).replace("T", " ");
  const detail = objects.map((it) => `${it.kind}/${it.name}`).join(", ");
  return { label: name, description: `${provenance.author}${from}, ${when} UTC`, detail, value: name };
}
