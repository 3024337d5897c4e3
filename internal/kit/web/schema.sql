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
