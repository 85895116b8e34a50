// What the server of KUN takes and answers, as far as it is used here; `/api/openapi.json` of a
// server describes all of it.

export interface Page<T> {
  items: T[];
  next?: string;
}

export interface Session {
  user: string;
  admin: boolean;
}

export interface Project {
  name: string;
  description: string;
}

export interface ResourceSet {
  project: string;
  name: string;
  description: string;
  newest?: string;
  versions: number;
}

export interface Environment {
  name: string;
  cluster: string;
  namespace: string;
}

export interface Cluster {
  name: string;
  server: string;
}

export interface ObjectSummary {
  kind: string;
  name: string;
}

export interface Version {
  name: string;
  provenance: { author: string; git_ref?: string };
  created_at: string;
  objects: ObjectSummary[];
}

export interface NewVersion {
  name: string;
  files: Record<string, string>;
  parent?: string;
  commit?: string;
  git_ref?: string;
}

/** A wrong place in what was sent. */
export interface Detail {
  /** A file of the version, or a field of the request. */
  place: string;
  /** From 1 on. */
  line?: number;
  /** From 1 on, in characters. */
  column?: number;
  code?: string;
  message: string;
}

export interface PushedVersion {
  version: Version;
  warnings?: Detail[];
}

export interface DeployOptions {
  prune: boolean;
  force_conflicts: boolean;
}

export interface NewPreview {
  version: string;
  environment: string;
  options: DeployOptions;
}

export interface NewDeploy extends NewPreview {
  /** The preview that was seen: the server refuses if the plan has changed. */
  preview: string;
}

export type Change = "create" | "change" | "unchanged" | "replace" | "remove";

export interface FieldChange {
  path: string;
  from?: unknown;
  to?: unknown;
}

export interface ObjectDiff {
  api_version: string;
  kind: string;
  namespace?: string;
  name: string;
  change: Change;
  fields?: FieldChange[];
}

export interface PreviewObject {
  diff: ObjectDiff;
  conflicts?: { field: string; manager: string }[];
  problem?: string;
}

export interface Preview {
  id: string;
  objects: PreviewObject[];
  missing_rights: string[];
  warnings: string[];
}

export type DeployState =
  | "queued"
  | "applying"
  | "waiting"
  | "pruning"
  | "succeeded"
  | "failed"
  | "cancelled";

export type ObjectState =
  | "waiting"
  | "progressing"
  | "healthy"
  | "degraded"
  | "failed"
  | "removed";

export interface DeployObject {
  kind: string;
  name: string;
  state: ObjectState;
  reason: string;
}

/** How the objects of a set do in an environment, as the person who asks may see it. */
export interface LiveStatus {
  /** What was deployed there last with success. */
  version?: string;
  objects: LiveObject[];
}

export interface LiveObject extends DeployObject {
  namespace?: string;
  /** Whether somebody changed it since. */
  drifted: boolean;
}

export interface Deploy {
  id: string;
  project: string;
  set: string;
  version: string;
  environment: string;
  by: string;
  state: DeployState;
  reason: string;
  objects: DeployObject[];
}

export interface LogLine {
  sequence: number;
  at: string;
  level: "info" | "warning" | "error";
  object?: string;
  message: string;
}

/** One event of a deploy as it happens. */
export type DeployEvent = { line: LogLine } | { job: Deploy };
