// Deploying a version: what it would do, the question, and the deploy as it goes on.
import type { Api, SetName } from "./api";
import { withServer } from "./account";
import { chooseEnvironment, chooseSet, chooseVersion } from "./choose";
import { Complaint, Refused, sentence } from "./failure";
import { logLine, stand, troubles, verdict } from "./log";
import { deployPage } from "./pages";
import { changesNothing, conflicts, obstacles, type Plan, previewText, summary } from "./preview";
import type { Deploy, DeployOptions, Environment, NewPreview, Preview } from "./types";
import type { Choice, Report, Workplace } from "./ui";

type Option = keyof DeployOptions;

const OPTIONS: Choice<Option>[] = [
  { label: "Delete objects that this version no longer describes", value: "prune" },
  { label: "Take fields that others own", value: "force_conflicts" },
];

/** Asks what is deployed and where to, and does it. */
export async function deploy(place: Workplace): Promise<void> {
  await withServer(place, async (api) => {
    const name = await chooseSet(place, api, false);
    const version = name && (await chooseVersion(place, api, name));
    if (version !== undefined) await deployVersion(place, api, name, version);
  });
}

/** Asks where a version is deployed to, and does it. */
export async function deployVersion(
  place: Workplace,
  api: Api,
  name: SetName | undefined,
  version: string,
): Promise<void> {
  if (!name) return;
  const environment = await chooseEnvironment(place, api, name.project);
  if (!environment) return;
  const title = `Deploy ${version} to ${environment.name}: options`;
  const options = await place.window.pickMany(title, OPTIONS);
  if (!options) return;
  const wish: NewPreview = {
    version,
    environment: environment.name,
    options: {
      prune: options.includes("prune"),
      force_conflicts: options.includes("force_conflicts"),
    },
  };
  const job = await agreed(place, api, name, environment, wish);
  if (job) await follow(place, api, job);
}

/** Shows what the deploy would do until a person agrees to it, and starts it. */
async function agreed(
  place: Workplace,
  api: Api,
  name: SetName,
  environment: Environment,
  wish: NewPreview,
): Promise<Deploy | undefined> {
  for (;;) {
    const preview = await place.window.progress(
      `Looking what ${wish.version} would change in ${environment.name}`,
      () => api.preview(name, wish),
    );
    const { cluster, namespace } = environment;
    const plan: Plan = { ...name, ...wish, cluster, namespace };
    const document = `${wish.version} to ${environment.name}.diff`;
    await place.window.show(document, previewText(plan, preview));
    const answer = await consent(place, wish, preview);
    if (answer === undefined) return undefined;
    if (answer === "force") {
      wish.options.force_conflicts = true;
      continue;
    }
    try {
      return await api.deploy(name, { ...wish, preview: preview.id });
    } catch (error) {
      if (!(error instanceof Refused && error.code === "plan_changed")) throw error;
      void place.window.tell("warning", sentence(error));
    }
  }
}

/** Asks whether to go on. */
async function consent(
  place: Workplace,
  wish: NewPreview,
  preview: Preview,
): Promise<"go" | "force" | undefined> {
  const what = `${wish.version} to ${wish.environment}`;
  const problems = obstacles(preview);
  if (problems.length > 0) {
    const more = problems.length === 1 ? "" : ` (and ${problems.length - 1} more, see the preview)`;
    throw new Complaint(`${what} would not succeed: ${problems[0]}${more}`);
  }
  const owned = wish.options.force_conflicts ? 0 : conflicts(preview);
  const leave = { label: "$(close) Leave it as it is", value: undefined };
  if (owned > 0) {
    const fields = owned === 1 ? "1 field belongs" : `${owned} fields belong`;
    const title = `Deploy ${what}? ${fields} to others, so it would stop there.`;
    const take = { label: "$(eye) Take them, and look again", value: "force" as const };
    return place.window.pick(title, [take, leave]);
  }
  const again = changesNothing(preview) ? " Everything is as described already." : "";
  const title = `Deploy ${what}? It would ${summary(preview)}.${again}`;
  const go = { label: `$(rocket) Deploy ${what}`, value: "go" as const };
  return place.window.pick(title, [go, leave]);
}

/** Shows a deploy as it goes on, and tells how it ended. */
async function follow(place: Workplace, api: Api, started: Deploy): Promise<void> {
  const { window } = place;
  const what = `${started.project}/${started.set} ${started.version} to ${started.environment}`;
  window.log(`Deploying ${what} as ${started.by}`);
  window.log(deployPage(api.server, started.id));
  window.showLog();
  const cancel = () => {
    const failed = (error: unknown) => window.log(sentence(error));
    api.cancel(started.id).then(() => window.log("Cancelling"), failed);
  };
  const work = (report: Report) => watch(place, api, started, report);
  const ended = await window.progress(`Deploying ${what}`, work, cancel);
  const said = verdict(ended);
  for (const line of [said, ...troubles(ended), ""]) window.log(line);
  const level = { succeeded: "info", cancelled: "warning" } as const;
  await window.tell(level[ended.state as keyof typeof level] ?? "error", said, [
    { label: "Open in KUN", run: () => window.open(deployPage(api.server, ended.id)) },
    { label: "Show Log", run: () => window.showLog() },
  ]);
}

async function watch(
  place: Workplace,
  api: Api,
  started: Deploy,
  report: Report,
): Promise<Deploy> {
  let job = started;
  for await (const event of api.follow(started.id)) {
    if ("line" in event) {
      place.window.log(logLine(event.line));
    } else {
      job = event.job;
      report(stand(job));
    }
  }
  return job;
}
