// Choosing the release of Kubernetes, and the cluster whose kinds are known beside the built-in.
import { withServer } from "./account";
import { Complaint } from "./failure";
import { AS_THE_CLUSTER, RELEASES } from "./settings";
import type { Choice, Workplace } from "./ui";

const CLUSTER = Symbol("cluster");

/** Asks for the release that objects are written for. */
export async function selectRelease(place: Workplace): Promise<void> {
  const { release: current, "backend.cluster": cluster } = place.settings();
  const now = (value: string) => (value === current ? { description: "now" } : {});
  const choices: Choice<string | typeof CLUSTER>[] = RELEASES.map((value) => ({
    label: `Kubernetes ${value}`,
    ...now(value),
    value,
  }));
  if (cluster !== "") {
    const label = `As cluster ${cluster}`;
    choices.unshift({ label, ...now(AS_THE_CLUSTER), value: AS_THE_CLUSTER });
  }
  choices.push({ label: "$(server) Kinds of a cluster…", value: CLUSTER });
  const release = await place.window.pick("Release that objects are written for", choices);
  if (release === CLUSTER) return selectCluster(place);
  if (release !== undefined && release !== current) await place.change("release", release);
}

/** Asks for the cluster whose kinds are known. */
async function selectCluster(place: Workplace): Promise<void> {
  const { release, "backend.cluster": current } = place.settings();
  await withServer(place, async (api) => {
    const clusters = await api.clusters();
    if (clusters.length === 0) throw new Complaint("The server knows no cluster yet.");
    const now = (value: string) => (value === current ? ", now" : "");
    const choices = clusters.map(({ name, server }) => ({
      label: name,
      description: server + now(name),
      value: name,
    }));
    const none = { label: "Built-in kinds alone", description: now("").slice(2), value: "" };
    const cluster = await place.window.pick("Cluster whose kinds are known", [...choices, none]);
    if (cluster === undefined) return;
    await place.change("backend.cluster", cluster);
    const isLost = cluster === "" && release === AS_THE_CLUSTER;
    if (isLost) await place.change("release", RELEASES[0]);
  });
}
