-- What an apply left behind, so that the next deploy need not send the same again.
ALTER TABLE deploy_objects ADD COLUMN receipt TEXT;

-- Counts the claims of jobs of one place: the cluster is told, so that a worker that lost its job
-- finds out there.
ALTER TABLE deploys ADD COLUMN fence BIGINT NOT NULL DEFAULT 0;
CREATE INDEX deploys_of_place ON deploys (project, environment, set_name, fence);

-- Each change of the state as a line of its word and its time.
ALTER TABLE deploys ADD COLUMN phases TEXT NOT NULL DEFAULT '';
