-- +goose Up

-- Durable work (kit/job). One row is one thing to do, once, under its key.
CREATE TABLE job (
    district INTEGER NOT NULL,
    id       TEXT    NOT NULL,
    kind     TEXT    NOT NULL,
    job_key  TEXT    NOT NULL,
    args     TEXT    NOT NULL, -- JSON
    state    TEXT    NOT NULL, -- open, done, parked
    attempt  INTEGER NOT NULL, -- claims so far; the latest claimant's fencing token
    due_at   BIGINT  NOT NULL, -- open: when it may be claimed (again); done: when it is forgotten; parked: since when
    error    TEXT    NOT NULL, -- of the latest attempt; empty when none failed
    PRIMARY KEY (district, id),
    UNIQUE (district, kind, job_key)
);

CREATE INDEX job_due ON job (district, state, due_at);
