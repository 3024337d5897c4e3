-- +goose Up
-- One request for help and its way through the process of internal/feature/order.
CREATE TABLE service_order (
  district      INTEGER NOT NULL,
  id            TEXT    NOT NULL,
  number        TEXT    NOT NULL,
  version       BIGINT  NOT NULL,
  state         TEXT    NOT NULL,
  category      TEXT    NOT NULL,
  title         TEXT    NOT NULL,
  words         TEXT    NOT NULL,
  urgency       TEXT    NOT NULL,
  risk          TEXT    NOT NULL,
  flags         TEXT    NOT NULL,
  needs_check   BOOLEAN NOT NULL,
  community     TEXT    NOT NULL,
  place         TEXT    NOT NULL,
  place_path    TEXT    NOT NULL,
  address       TEXT    NOT NULL,
  phone         TEXT    NOT NULL,
  lat           DOUBLE PRECISION,
  lng           DOUBLE PRECISION,
  for_person    TEXT    NOT NULL,
  requester     TEXT    NOT NULL,
  acting        TEXT    NOT NULL,
  source        TEXT    NOT NULL,
  window_from   BIGINT,
  window_to     BIGINT,
  people_needed INTEGER NOT NULL,
  taken         INTEGER NOT NULL,
  wave          INTEGER NOT NULL,
  returns       INTEGER NOT NULL,
  code_secret   TEXT    NOT NULL,
  code_failures INTEGER NOT NULL,
  satisfaction  TEXT    NOT NULL,
  solved        TEXT    NOT NULL,
  note          TEXT    NOT NULL,
  in_time       TEXT    NOT NULL,
  due_at        BIGINT,
  late          BOOLEAN NOT NULL,
  created_at    BIGINT  NOT NULL,
  dispatched_at BIGINT,
  accepted_at   BIGINT,
  started_at    BIGINT,
  finished_at   BIGINT,
  closed_at     BIGINT,
  PRIMARY KEY (district, id)
);
CREATE UNIQUE INDEX service_order_number ON service_order (district, number);
CREATE INDEX service_order_board ON service_order (district, community, state, created_at, id);
CREATE INDEX service_order_state ON service_order (district, state, created_at, id);
CREATE INDEX service_order_all ON service_order (district, created_at, id);
CREATE INDEX service_order_newest ON service_order (district, community, created_at, id);
CREATE INDEX service_order_for ON service_order (district, for_person, created_at, id);
CREATE INDEX service_order_requester ON service_order (district, requester, created_at, id);

CREATE TABLE order_serial (
  district INTEGER NOT NULL,
  day      TEXT    NOT NULL,
  last     INTEGER NOT NULL,
  PRIMARY KEY (district, day)
);

CREATE TABLE order_photo (
  district   INTEGER NOT NULL,
  id         TEXT    NOT NULL,
  order_id   TEXT    NOT NULL,
  mime       TEXT    NOT NULL,
  bytes      BYTEA   NOT NULL,
  added_by   TEXT    NOT NULL,
  created_at BIGINT  NOT NULL,
  PRIMARY KEY (district, id)
);
CREATE INDEX order_photo_order ON order_photo (district, order_id, id);

-- One asking of one candidate.
CREATE TABLE offer (
  district    INTEGER NOT NULL,
  id          TEXT    NOT NULL,
  order_id    TEXT    NOT NULL,
  wave        INTEGER NOT NULL,
  kind        TEXT    NOT NULL,
  candidate   TEXT    NOT NULL,
  asked       TEXT    NOT NULL,
  state       TEXT    NOT NULL,
  sent_at     BIGINT  NOT NULL,
  answer_by   BIGINT  NOT NULL,
  answered_at BIGINT,
  answered_by TEXT    NOT NULL,
  reason      TEXT    NOT NULL,
  PRIMARY KEY (district, id)
);
CREATE UNIQUE INDEX offer_once ON offer (district, order_id, kind, candidate, wave);
CREATE INDEX offer_asked ON offer (district, asked, state, sent_at, id);

-- Who serves, or stands by.
CREATE TABLE assignment (
  district   INTEGER NOT NULL,
  order_id   TEXT    NOT NULL,
  volunteer  TEXT    NOT NULL,
  team       TEXT    NOT NULL,
  state      TEXT    NOT NULL,
  for_person TEXT    NOT NULL,
  asked_at   BIGINT  NOT NULL, -- of the order: where it stands in the volunteer's own list
  busy_from  BIGINT,
  busy_to    BIGINT,
  since      BIGINT  NOT NULL,
  ended_at   BIGINT,
  PRIMARY KEY (district, order_id, volunteer)
);
CREATE INDEX assignment_own ON assignment (district, volunteer, state, asked_at, order_id);
CREATE INDEX assignment_volunteer ON assignment (district, volunteer, since);
CREATE INDEX assignment_since ON assignment (district, since);
CREATE INDEX assignment_for ON assignment (district, for_person, state, volunteer, team, order_id);

-- One coming and going of one volunteer, with its evidence.
CREATE TABLE visit (
  district     INTEGER NOT NULL,
  id           TEXT    NOT NULL,
  order_id     TEXT    NOT NULL,
  volunteer    TEXT    NOT NULL,
  team         TEXT    NOT NULL,
  state        TEXT    NOT NULL,
  in_at        BIGINT  NOT NULL,
  out_at       BIGINT,
  minutes      INTEGER NOT NULL,
  by_code      BOOLEAN NOT NULL,
  by_position  BOOLEAN NOT NULL,
  sent_later   BOOLEAN NOT NULL,
  claimed_at   BIGINT,
  distance     INTEGER,
  grade        TEXT    NOT NULL,
  confirmed_by TEXT    NOT NULL,
  confirmed_at BIGINT,
  booked       BOOLEAN NOT NULL,
  PRIMARY KEY (district, id)
);
CREATE INDEX visit_order ON visit (district, order_id, in_at);
CREATE INDEX visit_volunteer ON visit (district, volunteer, in_at);

-- One-time codes printed for somebody without a phone.
CREATE TABLE paper_code (
  district   INTEGER NOT NULL,
  person     TEXT    NOT NULL,
  code       TEXT    NOT NULL,
  printed_at BIGINT  NOT NULL,
  used_at    BIGINT,
  used_order TEXT    NOT NULL,
  PRIMARY KEY (district, person, code)
);

CREATE TABLE evaluation (
  district     INTEGER NOT NULL,
  order_id     TEXT    NOT NULL,
  side         TEXT    NOT NULL,
  person       TEXT    NOT NULL,
  round        INTEGER NOT NULL,
  entered_by   TEXT    NOT NULL,
  satisfaction TEXT    NOT NULL,
  solved       TEXT    NOT NULL,
  reasons      TEXT    NOT NULL,
  words        TEXT    NOT NULL,
  at           BIGINT  NOT NULL,
  PRIMARY KEY (district, order_id, round, side, person)
);

-- A telephone call that the station owes somebody who has no app.
CREATE TABLE order_call (
  district   INTEGER NOT NULL,
  id         TEXT    NOT NULL,
  order_id   TEXT    NOT NULL,
  community  TEXT    NOT NULL,
  person     TEXT    NOT NULL,
  why        TEXT    NOT NULL,
  created_at BIGINT  NOT NULL,
  done_at    BIGINT,
  done_by    TEXT    NOT NULL,
  PRIMARY KEY (district, id)
);
CREATE UNIQUE INDEX order_call_once ON order_call (district, order_id, why);
CREATE INDEX order_call_open ON order_call (district, community, done_at, created_at);

-- How often a volunteer has done which service: the ranking's skill.
CREATE TABLE served (
  district  INTEGER NOT NULL,
  volunteer TEXT    NOT NULL,
  category  TEXT    NOT NULL,
  times     INTEGER NOT NULL,
  last_at   BIGINT  NOT NULL,
  PRIMARY KEY (district, volunteer, category)
);
CREATE INDEX assignment_team ON assignment (district, team, since);
