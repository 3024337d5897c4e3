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

-- Answers to requests that carried an Idempotency-Key (kit/web). The row is made
-- in the transaction of the effect, so that neither is there without the other.
CREATE TABLE idempotency (
    district    INTEGER NOT NULL, -- of the caller; 0 for nobody
    caller      TEXT    NOT NULL, -- account id; empty for nobody
    request_key TEXT    NOT NULL, -- as the caller sent it
    body_hash   TEXT    NOT NULL, -- keyed hash of method, address and body
    status      INTEGER NOT NULL, -- of the answer; 0 while only the effect is known
    answer      TEXT    NOT NULL, -- sealed (AES-256-GCM, base64)
    at          BIGINT  NOT NULL, -- when the effect was committed, UTC milliseconds
    seen        INTEGER NOT NULL, -- how often it was asked for
    PRIMARY KEY (district, caller, request_key)
);

CREATE INDEX idempotency_at ON idempotency (district, at);
