-- +goose Up

-- What is proposed for all waiting orders of a place together; nothing of it is sent
-- before somebody confirms it. At most one is open for a place.
CREATE TABLE plan_draft (
  district  INTEGER NOT NULL,
  id        TEXT    NOT NULL,
  place     TEXT    NOT NULL,
  state     TEXT    NOT NULL, -- open, confirmed, dismissed
  version   BIGINT  NOT NULL,
  made_by   TEXT    NOT NULL, -- empty: the night's work
  made_at   BIGINT  NOT NULL,
  solved_at BIGINT  NOT NULL,
  ended_by  TEXT    NOT NULL,
  ended_at  BIGINT,
  body      TEXT    NOT NULL, -- JSON: the proposals, what is left, who is missing
  PRIMARY KEY (district, id)
);
CREATE UNIQUE INDEX plan_draft_open ON plan_draft (district, place) WHERE state = 'open';
CREATE INDEX plan_draft_place ON plan_draft (district, place, made_at, id);

-- What the worker has decided: this one goes there, or does not.
CREATE TABLE plan_choice (
  district   INTEGER NOT NULL,
  draft      TEXT    NOT NULL,
  order_id   TEXT    NOT NULL,
  volunteer  TEXT    NOT NULL,
  keep       BOOLEAN NOT NULL, -- else they are not to be sent
  visit_from BIGINT,           -- the time that was kept with it
  visit_to   BIGINT,
  chosen_by  TEXT    NOT NULL,
  chosen_at  BIGINT  NOT NULL,
  PRIMARY KEY (district, draft, order_id, volunteer)
);

-- People whom a place looks for in public.
CREATE TABLE recruitment (
  district  INTEGER NOT NULL,
  id        TEXT    NOT NULL,
  place     TEXT    NOT NULL,
  category  TEXT    NOT NULL,
  part      TEXT    NOT NULL, -- of the week, as the page says it
  people    INTEGER NOT NULL,
  made_by   TEXT    NOT NULL,
  made_at   BIGINT  NOT NULL,
  closed_by TEXT    NOT NULL,
  closed_at BIGINT,
  PRIMARY KEY (district, id)
);
CREATE UNIQUE INDEX recruitment_once ON recruitment (district, place, category, part) WHERE closed_at IS NULL;

-- Who has been asked lately.
CREATE INDEX offer_sent ON offer (district, sent_at, asked);
