-- What a token is limited to, as JSON; null where it may do all that its owner may.
ALTER TABLE api_tokens ADD COLUMN scope TEXT;

-- Which jobs of GitLab a project trusts; `body` is the rule as the API shows it.
CREATE TABLE pipelines (
    project TEXT NOT NULL REFERENCES projects (name),
    name    TEXT NOT NULL,
    body    TEXT NOT NULL,
    PRIMARY KEY (project, name)
);

-- Jobs that showed an ID token; `body` says what they may do, and where the token came from.
CREATE TABLE pipeline_sessions (
    hash       TEXT   NOT NULL PRIMARY KEY,
    project    TEXT   NOT NULL REFERENCES projects (name),
    body       TEXT   NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE INDEX pipeline_sessions_end ON pipeline_sessions (expires_at);
