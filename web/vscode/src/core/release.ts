// Choosing the release of Kubernetes.
import { RELEASES } from "./settings";
import type { Workplace } from "./ui";

/** Asks for the release that objects are written for. */
export async function selectRelease(place: Workplace): Promise<void> {
  const current = place.settings().release;
  const choices = RELEASES.map((release) => ({
    label: `Kubernetes ${release}`,
    ...(release === current && { description: "now" }),
    value: release as string,
  }));
  const release = await place.window.pick("Release that objects are written for", choices);
  if (release !== undefined && release !== current) await place.change("release", release);
}
