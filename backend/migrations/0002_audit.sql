-- Who did what through the API. Rows are only added, never changed or deleted.
-- `id` is a UUID of version 7, so it sorts by time; `about` is what the route says of it.

CREATE TABLE audit (
    id        TEXT   NOT NULL PRIMARY KEY,
    at        BIGINT NOT NULL,
    user_name TEXT,
    via       TEXT,
    address   TEXT,
    method    TEXT   NOT NULL,
    path      TEXT   NOT NULL,
    status    BIGINT NOT NULL,
    about     TEXT,
    project   TEXT
);

CREATE INDEX audit_of_project ON audit (project, id);
