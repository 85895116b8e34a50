-- Everything that KUN keeps. SQLite and PostgreSQL both read this file.
-- Times are milliseconds since 1970 in UTC; names that stand in URLs are keys, since they never change.

CREATE TABLE users (
    name       TEXT   NOT NULL PRIMARY KEY,
    admin      BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);

-- Of every secret only its SHA-256 is kept.
CREATE TABLE login_tokens (
    hash       TEXT   NOT NULL PRIMARY KEY,
    user_name  TEXT   NOT NULL REFERENCES users (name),
    expires_at BIGINT NOT NULL
);

CREATE TABLE sessions (
    hash       TEXT   NOT NULL PRIMARY KEY,
    user_name  TEXT   NOT NULL REFERENCES users (name),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE TABLE api_tokens (
    id           TEXT   NOT NULL PRIMARY KEY,
    hash         TEXT   NOT NULL UNIQUE,
    user_name    TEXT   NOT NULL REFERENCES users (name),
    label        TEXT   NOT NULL,
    created_at   BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL,
    last_used_at BIGINT
);

CREATE TABLE projects (
    name        TEXT   NOT NULL PRIMARY KEY,
    description TEXT   NOT NULL,
    created_at  BIGINT NOT NULL
);

CREATE TABLE members (
    project   TEXT NOT NULL REFERENCES projects (name),
    user_name TEXT NOT NULL REFERENCES users (name),
    role      TEXT NOT NULL,
    PRIMARY KEY (project, user_name)
);

-- `kubeconfig` is null for the sandbox and for contexts given at start: their credentials are
-- not KUN's to keep.
CREATE TABLE clusters (
    name       TEXT   NOT NULL PRIMARY KEY,
    server     TEXT   NOT NULL,
    kind       TEXT   NOT NULL,
    kubeconfig TEXT,
    created_at BIGINT NOT NULL
);

CREATE TABLE environments (
    project   TEXT NOT NULL REFERENCES projects (name),
    name      TEXT NOT NULL,
    cluster   TEXT NOT NULL REFERENCES clusters (name),
    namespace TEXT NOT NULL,
    PRIMARY KEY (project, name)
);

CREATE TABLE resource_sets (
    project       TEXT   NOT NULL REFERENCES projects (name),
    name          TEXT   NOT NULL,
    description   TEXT   NOT NULL,
    created_at    BIGINT NOT NULL,
    last_sequence BIGINT NOT NULL,
    PRIMARY KEY (project, name)
);

-- Rows here and in `files` are only added.
CREATE TABLE versions (
    project      TEXT   NOT NULL,
    set_name     TEXT   NOT NULL,
    name         TEXT   NOT NULL,
    sequence     BIGINT NOT NULL,
    content_hash TEXT   NOT NULL,
    parent       TEXT,
    author       TEXT   NOT NULL,
    git_commit   TEXT,
    git_ref      TEXT,
    pipeline_url TEXT,
    created_at   BIGINT NOT NULL,
    objects      TEXT   NOT NULL,
    PRIMARY KEY (project, set_name, name),
    UNIQUE (project, set_name, sequence),
    FOREIGN KEY (project, set_name) REFERENCES resource_sets (project, name)
);

CREATE TABLE files (
    project  TEXT NOT NULL,
    set_name TEXT NOT NULL,
    version  TEXT NOT NULL,
    path     TEXT NOT NULL,
    content  TEXT NOT NULL,
    PRIMARY KEY (project, set_name, version, path),
    FOREIGN KEY (project, set_name, version) REFERENCES versions (project, set_name, name)
);

-- A deploy keeps the cluster and namespace that it was asked for: an environment may change
-- while its job waits. `attempt` counts claims and is the fence: whoever writes with an older
-- one has lost the job.
CREATE TABLE deploys (
    id               TEXT   NOT NULL PRIMARY KEY,
    project          TEXT   NOT NULL,
    set_name         TEXT   NOT NULL,
    version          TEXT   NOT NULL,
    environment      TEXT   NOT NULL,
    cluster          TEXT   NOT NULL,
    namespace        TEXT   NOT NULL,
    options          TEXT   NOT NULL,
    by_user          TEXT   NOT NULL,
    state            TEXT   NOT NULL,
    reason           TEXT   NOT NULL,
    cancel_requested BIGINT NOT NULL,
    attempt          BIGINT NOT NULL,
    worker           TEXT,
    lease_until      BIGINT NOT NULL,
    log_sequence     BIGINT NOT NULL,
    created_at       BIGINT NOT NULL,
    started_at       BIGINT,
    finished_at      BIGINT,
    FOREIGN KEY (project, set_name, version) REFERENCES versions (project, set_name, name)
);

CREATE UNIQUE INDEX deploys_one_active ON deploys (project, environment, set_name)
    WHERE state IN ('applying', 'waiting', 'pruning');
CREATE INDEX deploys_open ON deploys (lease_until)
    WHERE state IN ('queued', 'applying', 'waiting', 'pruning');
CREATE INDEX deploys_of_set ON deploys (project, set_name, environment, id);

-- `position` is the order of the plan; `body` is the object as the API shows it.
CREATE TABLE deploy_objects (
    deploy   TEXT   NOT NULL REFERENCES deploys (id),
    position BIGINT NOT NULL,
    uid      TEXT,
    body     TEXT   NOT NULL,
    PRIMARY KEY (deploy, position)
);

CREATE TABLE deploy_log (
    deploy   TEXT   NOT NULL REFERENCES deploys (id),
    sequence BIGINT NOT NULL,
    at       BIGINT NOT NULL,
    level    TEXT   NOT NULL,
    object   TEXT,
    message  TEXT   NOT NULL,
    PRIMARY KEY (deploy, sequence)
);
