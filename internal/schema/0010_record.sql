-- +goose Up
-- A row of the record is written once and never changed. What has to change about
-- it later stands in another row or table: a correction or withdrawal is a row that
-- names the one it replaces, a hold is a row of record_hold. counts_at is the moment
-- at which the public notice of the row ends; rows of before count already.
ALTER TABLE service_record ADD COLUMN kind TEXT NOT NULL DEFAULT 'order';
ALTER TABLE service_record ADD COLUMN replaces TEXT NOT NULL DEFAULT '';
ALTER TABLE service_record ADD COLUMN reason TEXT NOT NULL DEFAULT '';
ALTER TABLE service_record ADD COLUMN satisfaction TEXT NOT NULL DEFAULT '';
ALTER TABLE service_record ADD COLUMN counts_at BIGINT NOT NULL DEFAULT 0;
CREATE UNIQUE INDEX service_record_replaces ON service_record (district, replaces) WHERE replaces <> '';
CREATE INDEX service_record_counts ON service_record (district, volunteer, counts_at);
CREATE INDEX service_record_notice ON service_record (district, community, counts_at, id);
CREATE INDEX service_record_entered ON service_record (district, community, entered_at, id);

-- What residents said, counted with the minutes.
ALTER TABLE record_total ADD COLUMN satisfied BIGINT NOT NULL DEFAULT 0;
ALTER TABLE record_total ADD COLUMN fair BIGINT NOT NULL DEFAULT 0;
ALTER TABLE record_total ADD COLUMN unsatisfied BIGINT NOT NULL DEFAULT 0;
UPDATE service_record SET satisfaction = coalesce((SELECT o.satisfaction FROM service_order o
  WHERE o.district = service_record.district AND o.id = service_record.order_id), '');
UPDATE record_total SET
  satisfied = (SELECT count(*) FROM service_record r WHERE r.district = record_total.district AND r.volunteer = record_total.volunteer
    AND r.satisfaction = 'satisfied' AND (record_total.year = 0 OR substr(r.day, 1, 4) = CAST(record_total.year AS TEXT))),
  fair = (SELECT count(*) FROM service_record r WHERE r.district = record_total.district AND r.volunteer = record_total.volunteer
    AND r.satisfaction = 'fair' AND (record_total.year = 0 OR substr(r.day, 1, 4) = CAST(record_total.year AS TEXT))),
  unsatisfied = (SELECT count(*) FROM service_record r WHERE r.district = record_total.district AND r.volunteer = record_total.volunteer
    AND r.satisfaction = 'unsatisfied' AND (record_total.year = 0 OR substr(r.day, 1, 4) = CAST(record_total.year AS TEXT)));

-- SHA-256 of the row of the record that a posting stands for, so that the one chain
-- of a place covers its records too. Rows of before are attested one by one when the
-- house starts, until none is left here.
ALTER TABLE ledger_posting ADD COLUMN attests TEXT NOT NULL DEFAULT '';
CREATE TABLE record_unsealed (
  district INTEGER NOT NULL,
  id       TEXT    NOT NULL,
  PRIMARY KEY (district, id)
);
INSERT INTO record_unsealed (district, id) SELECT district, id FROM service_record;

-- Why a row does not count for the time being: an objection, a finding.
CREATE TABLE record_hold (
  district  INTEGER NOT NULL,
  record    TEXT    NOT NULL,
  cause     TEXT    NOT NULL, -- "objection:<id>", "finding:<id>"
  volunteer TEXT    NOT NULL,
  since     BIGINT  NOT NULL,
  ended_at  BIGINT,
  PRIMARY KEY (district, record, cause)
);
CREATE INDEX record_hold_open ON record_hold (district, volunteer, record) WHERE ended_at IS NULL;

-- An objection to a row in public notice, or a volunteer's wish for a correction.
CREATE TABLE objection (
  district   INTEGER NOT NULL,
  id         TEXT    NOT NULL,
  version    BIGINT  NOT NULL,
  kind       TEXT    NOT NULL, -- objection, correction
  record     TEXT    NOT NULL,
  volunteer  TEXT    NOT NULL,
  community  TEXT    NOT NULL,
  asked_by   TEXT    NOT NULL,
  words      TEXT    NOT NULL,
  state      TEXT    NOT NULL,
  asked_at   BIGINT  NOT NULL,
  due_at     BIGINT  NOT NULL,
  decided_by TEXT    NOT NULL,
  decided_at BIGINT,
  answer     TEXT    NOT NULL,
  PRIMARY KEY (district, id)
);
CREATE INDEX objection_record ON objection (district, record, asked_at);
CREATE INDEX objection_community ON objection (district, community, state, due_at, id);
CREATE INDEX objection_asked ON objection (district, asked_by, asked_at, id);
CREATE UNIQUE INDEX objection_once ON objection (district, record, asked_by) WHERE decided_at IS NULL;

-- A service entered by hand 补录, until somebody of another unit has judged it.
CREATE TABLE manual_entry (
  district    INTEGER NOT NULL,
  id          TEXT    NOT NULL,
  version     BIGINT  NOT NULL,
  state       TEXT    NOT NULL,
  volunteer   TEXT    NOT NULL,
  community   TEXT    NOT NULL,
  replaces    TEXT    NOT NULL, -- the row that it corrects; empty when it is a new one
  name        TEXT    NOT NULL,
  category    TEXT    NOT NULL,
  place       TEXT    NOT NULL,
  content     TEXT    NOT NULL,
  started_at  BIGINT  NOT NULL,
  ended_at    BIGINT  NOT NULL,
  minutes     INTEGER NOT NULL,
  organiser   TEXT    NOT NULL,
  in_charge   TEXT    NOT NULL,
  reason      TEXT    NOT NULL,
  proof       TEXT    NOT NULL, -- in words
  entered_by  TEXT    NOT NULL,
  entered_for TEXT    NOT NULL, -- the units of who entered it, by a space
  entered_at  BIGINT  NOT NULL,
  due_at      BIGINT  NOT NULL, -- the last day on which it may still go into the record
  decided_by  TEXT    NOT NULL,
  decided_for TEXT    NOT NULL, -- the unit of who decided
  decided_at  BIGINT,
  answer      TEXT    NOT NULL,
  PRIMARY KEY (district, id)
);
CREATE INDEX manual_entry_community ON manual_entry (district, community, state, entered_at, id);
CREATE INDEX manual_entry_by ON manual_entry (district, entered_by, entered_at, id);

-- Pictures that prove an entry by hand, a training or an award.
CREATE TABLE record_proof (
  district   INTEGER NOT NULL,
  id         TEXT    NOT NULL,
  about      TEXT    NOT NULL,
  mime       TEXT    NOT NULL,
  bytes      BYTEA   NOT NULL,
  added_by   TEXT    NOT NULL,
  created_at BIGINT  NOT NULL,
  PRIMARY KEY (district, id)
);
CREATE INDEX record_proof_about ON record_proof (district, about, id);

-- Trainings and awards of a volunteer.
CREATE TABLE attainment (
  district     INTEGER NOT NULL,
  id           TEXT    NOT NULL,
  volunteer    TEXT    NOT NULL,
  kind         TEXT    NOT NULL, -- training, award
  name         TEXT    NOT NULL,
  content      TEXT    NOT NULL,
  minutes      INTEGER NOT NULL, -- of a training
  giver        TEXT    NOT NULL, -- who held it, who gave it
  day          TEXT    NOT NULL,
  proof        TEXT    NOT NULL, -- in words
  entered_by   TEXT    NOT NULL,
  entered_at   BIGINT  NOT NULL,
  withdrawn_by TEXT    NOT NULL,
  withdrawn_at BIGINT,
  reason       TEXT    NOT NULL, -- why it was withdrawn
  PRIMARY KEY (district, id)
);
CREATE INDEX attainment_volunteer ON attainment (district, volunteer, kind, day, id);

-- From which phone somebody checked in, as a hash: one phone for many people is
-- looked into.
ALTER TABLE visit ADD COLUMN device TEXT NOT NULL DEFAULT '';
CREATE INDEX visit_device ON visit (district, device, in_at) WHERE device <> '';
CREATE INDEX visit_unbooked ON visit (district, out_at) WHERE NOT booked;

-- What looks wrong, with its evidence, until somebody has looked at it.
CREATE TABLE finding (
  district   INTEGER NOT NULL,
  id         TEXT    NOT NULL,
  version    BIGINT  NOT NULL,
  kind       TEXT    NOT NULL,
  subject    TEXT    NOT NULL, -- one finding of a kind and subject
  community  TEXT    NOT NULL,
  person     TEXT    NOT NULL, -- whom it is about; empty for a team
  org        TEXT    NOT NULL, -- the team
  level      TEXT    NOT NULL, -- who looks at it: unit, street
  evidence   TEXT    NOT NULL, -- JSON
  state      TEXT    NOT NULL,
  found_at   BIGINT  NOT NULL,
  decided_by TEXT    NOT NULL,
  decided_at BIGINT,
  answer     TEXT    NOT NULL,
  PRIMARY KEY (district, id)
);
CREATE UNIQUE INDEX finding_once ON finding (district, kind, subject);
CREATE INDEX finding_community ON finding (district, community, state, found_at, id);

-- The seed of a month's spot check, published before the draw.
CREATE TABLE spot_seed (
  district     INTEGER NOT NULL,
  month        TEXT    NOT NULL,
  seed         TEXT    NOT NULL,
  published_at BIGINT  NOT NULL,
  PRIMARY KEY (district, month)
);
CREATE TABLE spot_draw (
  district  INTEGER NOT NULL,
  community TEXT    NOT NULL,
  month     TEXT    NOT NULL,
  drawn_at  BIGINT  NOT NULL,
  entered   INTEGER NOT NULL, -- rows of the month
  percent   INTEGER NOT NULL, -- of them that are drawn
  PRIMARY KEY (district, community, month)
);
CREATE TABLE spot_check (
  district   INTEGER NOT NULL,
  id         TEXT    NOT NULL,
  version    BIGINT  NOT NULL,
  community  TEXT    NOT NULL,
  month      TEXT    NOT NULL,
  record     TEXT    NOT NULL,
  why        TEXT    NOT NULL, -- drawn, manual
  state      TEXT    NOT NULL,
  decided_by TEXT    NOT NULL,
  decided_at BIGINT,
  answer     TEXT    NOT NULL,
  PRIMARY KEY (district, id)
);
CREATE UNIQUE INDEX spot_check_row ON spot_check (district, community, month, record);

-- The head of a place's chain on each day, as it was shown in public.
CREATE TABLE chain_day (
  district  INTEGER NOT NULL,
  community TEXT    NOT NULL,
  day       TEXT    NOT NULL,
  seq       BIGINT  NOT NULL,
  hash      TEXT    NOT NULL,
  shown_at  BIGINT  NOT NULL,
  PRIMARY KEY (district, community, day)
);
CREATE INDEX chain_day_day ON chain_day (district, day);
