// Pushing a version: the files of the editor, checked by the server and kept there for good.
import type { Api, SetName } from "./api";
import { withServer } from "./account";
import { chooseSet } from "./choose";
import { deployVersion } from "./deploy";
import { Complaint, Refused, sentence } from "./failure";
import { type Checkout, suggestedName, versionFault } from "./names";
import { versionPage } from "./pages";
import { detailLine, problemsOf } from "./places";
import type { NewVersion, PushedVersion } from "./types";
import type { Source, SourceFile, Workplace } from "./ui";

/** Asks what is pushed (unless `target`), where to and under which name, and does it. */
export async function push(place: Workplace, target?: string): Promise<void> {
  const source = await chooseSource(place, target);
  if (!source) return;
  const files = await source.read();
  if (files.size === 0) throw new Complaint(`${source.label} holds no .yaml, .yml or .json file.`);
  const checkout = await source.checkout();
  await withServer(place, async (api) => {
    const name = await chooseSet(place, api, true);
    if (name) await pushFiles(place, api, name, files, checkout);
  });
}

async function chooseSource(place: Workplace, target?: string): Promise<Source | undefined> {
  const sources = await place.sources(target);
  if (sources.length === 0) throw new Complaint("Open a YAML file or a folder first.");
  if (target !== undefined) return sources[0];
  const choices = sources.map((it) => ({
    label: it.label,
    ...(it.description !== undefined && { description: it.description }),
    value: it,
  }));
  return place.window.pick("What to push", choices);
}

async function pushFiles(
  place: Workplace,
  api: Api,
  name: SetName,
  files: Map<string, SourceFile>,
  checkout: Checkout | undefined,
): Promise<void> {
  const versions = (await api.versions(name)).map((it) => it.name);
  let wish = suggestedName(versions, checkout);
  let prompt = "Name of the version, whose files never change";
  for (;;) {
    const title = `Push ${countOf(files.size, "file")} to ${name.project}/${name.set}`;
    const version = await place.window.ask({ title, prompt, value: wish, fault: versionFault });
    if (version === undefined) return;
    const request = newVersion(version, files, versions[0], checkout);
    try {
      const work = () => api.push(name, request);
      const pushed = await place.window.progress(`Pushing ${version}`, work);
      return await tellPushed(place, api, name, pushed, files);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (error.status === 422) return await tellRefused(place, error, files);
      if (error.code !== "version_exists") throw error;
      // Another name is all that it takes.
      prompt = sentence(error);
      wish = suggestedName([version, ...versions], checkout);
    }
  }
}

function newVersion(
  name: string,
  files: Map<string, SourceFile>,
  parent: string | undefined,
  checkout: Checkout | undefined,
): NewVersion {
  const texts = [...files].map(([path, file]) => [path, file.text]);
  return {
    name,
    files: Object.fromEntries(texts),
    ...(parent !== undefined && parent !== name && { parent }),
    // Files that were changed since are not those of the commit.
    ...(checkout?.isClean && { commit: checkout.commit }),
    ...(checkout?.branch !== undefined && { git_ref: checkout.branch }),
  };
}

async function tellPushed(
  place: Workplace,
  api: Api,
  name: SetName,
  pushed: PushedVersion & { isNew: boolean },
  files: Map<string, SourceFile>,
): Promise<void> {
  const { version, warnings = [], isNew } = pushed;
  place.window.mark(problemsOf(warnings, files, false).problems);
  const what = `${name.project}/${name.set} ${version.name}`;
  const objects = countOf(version.objects.length, "object");
  const said = isNew ? `Pushed ${what} (${objects})` : `${what} was there already, the same`;
  const warned = warnings.length === 0 ? "" : `, with ${countOf(warnings.length, "warning")}`;
  await place.window.tell(warnings.length === 0 ? "info" : "warning", `${said}${warned}.`, [
    { label: "Deploy…", run: () => deployVersion(place, api, name, version.name) },
    {
      label: "Open in KUN",
      run: () => place.window.open(versionPage(api.server, name, version.name)),
    },
  ]);
}

async function tellRefused(
  place: Workplace,
  refused: Refused,
  files: Map<string, SourceFile>,
): Promise<void> {
  const { problems, rest } = problemsOf(refused.details, files, true);
  place.window.mark(problems);
  if (problems.length === 0) throw refused;
  const others = rest.map((detail) => ` ${detailLine(detail)}.`).join("");
  const places = countOf(problems.length, "place");
  const message = `The server refused the version: ${places} in it must be mended.${others}`;
  const show = { label: "Show Problems", run: () => place.window.showProblems() };
  await place.window.tell("error", message, [show]);
}

function countOf(count: number, what: string): string {
  return count === 1 ? `1 ${what}` : `${count} ${what}s`;
}
