// Choosing the release of Kubernetes, and the cluster whose kinds are known beside the built-in.
import { withServer } from "./account";
import { Complaint } from "./failure";
import { AS_THE_CLUSTER, RELEASES } from "./settings";
import type { Choice, Workplace } from "./ui";

const CLUSTER = Symbol("cluster");

/** Asks for the release that objects are written for. */
export async function selectRelease(place: Workplace): Promise<void> {
  const { release: current, openapi, "backend.cluster": cluster } = place.settings();
  const now = (value: string) => (value === current ? { description: "now" } : {});
  const choices: Choice<string | typeof CLUSTER>[] = RELEASES.map((value) => ({
    label: `Kubernetes ${value}`,
    ...now(value),
    value,
  }));
  if (cluster !== "" || openapi !== "") {
    const label = cluster === "" ? "As the saved documents" : `As cluster ${cluster}`;
    choices.unshift({ label, ...now(AS_THE_CLUSTER), value: AS_THE_CLUSTER });
  }
  choices.push({ label: "$(server) Kinds of a cluster…", value: CLUSTER });
  const release = await place.window.pick("Release that objects are written for", choices);
  if (release === CLUSTER) return selectCluster(place);
  if (release !== undefined && release !== current) await place.change("release", release);
}

/** Asks where kinds beside the built-in ones come from. */
export async function selectCluster(place: Workplace): Promise<void> {
  const { openapi, "backend.cluster": cluster } = place.settings();
  const now = (value: string) => (value === "" ? {} : { description: `now ${value}` });
  const choices: Choice<() => Promise<void>>[] = [
    {
      label: "$(server) A cluster of KUN's server…",
      ...now(cluster),
      value: () => selectLiveCluster(place),
    },
    {
      label: "$(file-code) Saved OpenAPI documents…",
      ...now(openapi),
      value: () => selectSaved(place),
    },
    { label: "Built-in kinds alone", value: () => selectNone(place) },
  ];
  const chosen = await place.window.pick("Kinds beside the built-in ones come from", choices);
  await chosen?.();
}

async function selectLiveCluster(place: Workplace): Promise<void> {
  const current = place.settings()["backend.cluster"];
  await withServer(place, async (api) => {
    const clusters = await api.clusters();
    if (clusters.length === 0) throw new Complaint("The server knows no cluster yet.");
    const now = (value: string) => (value === current ? ", now" : "");
    const choices = clusters.map(({ name, server }) => ({
      label: name,
      description: server + now(name),
      value: name,
    }));
    const cluster = await place.window.pick("Cluster whose kinds are known", choices);
    if (cluster !== undefined) await place.change("backend.cluster", cluster);
  });
}

/** Asks where documents of a cluster were saved. */
async function selectSaved(place: Workplace): Promise<void> {
  const path = await place.window.ask({
    title: "Saved OpenAPI documents",
    prompt: "A JSON file or a folder of them, as `kubectl get --raw /openapi/v3/…` gives",
    value: place.settings().openapi || ".kun/openapi",
  });
  if (path !== undefined) await place.change("openapi", path.trim());
}

async function selectNone(place: Workplace): Promise<void> {
  const { release, openapi, "backend.cluster": cluster } = place.settings();
  if (cluster !== "") await place.change("backend.cluster", "");
  if (openapi !== "") await place.change("openapi", "");
  if (release === AS_THE_CLUSTER) await place.change("release", RELEASES[0]);
}
