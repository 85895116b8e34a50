// A deploy as it goes on, in lines and in a few words.
import type { Deploy, LogLine } from "./types";

/** A line of the log: `12:03:59 warning: Deployment/web: 2 of 3 replicas are ready`. */
export function logLine({ at, level, object, message }: LogLine): string {
  const mark = level === "info" ? "" : `${level}: `;
  const about = object === undefined ? "" : `${object}: `;
  return printable(`${at.slice(11, 19)} ${mark}${about}${message}`);
}

/** How far a deploy is: `waiting, 2 of 5 objects are ready`. */
export function stand(job: Deploy): string {
  const ready = job.objects.filter((it) => it.state === "healthy" || it.state === "removed");
  const { length } = job.objects;
  return length === 0 ? job.state : `${job.state}, ${ready.length} of ${length} objects are ready`;
}

/** How a deploy ended, and why. */
export function verdict(job: Deploy): string {
  const what = `${job.project}/${job.set} ${job.version} to ${job.environment}`;
  const end = {
    succeeded: `Deployed ${what}`,
    cancelled: `Cancelled the deploy of ${what}`,
  };
  const said = job.state in end ? end[job.state as keyof typeof end] : `The deploy of ${what} failed`;
  return printable(job.reason === "" ? said : `${said}: ${job.reason}`);
}

/** The objects that kept a deploy from succeeding, each in a line. */
export function troubles(job: Deploy): string[] {
  const failed = job.objects.filter((it) => it.state === "failed" || it.state === "degraded");
  return failed.map((it) => printable(`  ${it.kind}/${it.name}: ${it.reason}`));
}

/** A message that came from somebody's container cannot steer what shows it. */
export function printable(text: string): string {
  return text.replace(/[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/g, "\ufffd");
}
