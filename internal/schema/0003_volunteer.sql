-- +goose Up
-- A person who agreed to serve. The id is the person's.
CREATE TABLE volunteer (
  district      INTEGER NOT NULL,
  id            TEXT    NOT NULL,
  number        TEXT    NOT NULL,
  national_no   TEXT    NOT NULL,
  status        TEXT    NOT NULL,
  community     TEXT    NOT NULL,
  place         TEXT    NOT NULL,
  place_path    TEXT    NOT NULL,
  name          TEXT    NOT NULL,
  lat           DOUBLE PRECISION,
  lng           DOUBLE PRECISION,
  walk_minutes  INTEGER NOT NULL,
  limit_week    INTEGER NOT NULL,
  political     TEXT    NOT NULL,
  education     TEXT    NOT NULL,
  contact_name  TEXT    NOT NULL,
  contact_phone TEXT    NOT NULL,
  guardian      TEXT    NOT NULL,
  guardian_phone TEXT   NOT NULL,
  note          TEXT    NOT NULL,
  origin        TEXT    NOT NULL,
  registered_at BIGINT  NOT NULL,
  version       BIGINT  NOT NULL,
  PRIMARY KEY (district, id)
);
CREATE UNIQUE INDEX volunteer_number ON volunteer (district, number);
CREATE INDEX volunteer_community ON volunteer (district, community, name, id);

-- What a volunteer can do: a service of core/category.
CREATE TABLE volunteer_skill (
  district  INTEGER NOT NULL,
  volunteer TEXT    NOT NULL,
  service   TEXT    NOT NULL,
  PRIMARY KEY (district, volunteer, service)
);
CREATE INDEX volunteer_skill_service ON volunteer_skill (district, service, volunteer);

-- The last serial number that a volunteer of the district was given.
CREATE TABLE volunteer_serial (
  district INTEGER NOT NULL PRIMARY KEY,
  no       BIGINT  NOT NULL
);

-- An uploaded roster of volunteers, with how far it has been read.
CREATE TABLE roster_file (
  district   INTEGER NOT NULL,
  id         TEXT    NOT NULL,
  place      TEXT    NOT NULL,
  name       TEXT    NOT NULL,
  bytes      BYTEA   NOT NULL,
  state      TEXT    NOT NULL,
  row_no     INTEGER NOT NULL, -- of the sheet, the last that was dealt with
  rows_read  INTEGER NOT NULL,
  rows_all   INTEGER NOT NULL, -- an estimate while the sheet is read for the first time
  added      INTEGER NOT NULL,
  changed    INTEGER NOT NULL,
  same       INTEGER NOT NULL,
  bad        INTEGER NOT NULL,
  taken      INTEGER NOT NULL, -- rows that have been written
  leave_out  BOOLEAN NOT NULL, -- the bad rows, by the worker's word
  problem    TEXT    NOT NULL, -- why the file cannot be read
  sent_by    TEXT    NOT NULL,
  sent_at    BIGINT  NOT NULL,
  ended_at   BIGINT,
  PRIMARY KEY (district, id)
);
CREATE INDEX roster_file_sent ON roster_file (district, sent_at, id);

-- What is to be said of a row of a roster; rows without a remark have none.
CREATE TABLE roster_remark (
  district INTEGER NOT NULL,
  file     TEXT    NOT NULL,
  row_no   INTEGER NOT NULL,
  verdict  TEXT    NOT NULL,
  remarks  TEXT    NOT NULL,
  PRIMARY KEY (district, file, row_no)
);

-- Weekly free time, in minutes of the day; weekday 1 is Monday.
CREATE TABLE volunteer_free (
  district    INTEGER NOT NULL,
  volunteer   TEXT    NOT NULL,
  weekday     INTEGER NOT NULL,
  from_minute INTEGER NOT NULL,
  to_minute   INTEGER NOT NULL,
  PRIMARY KEY (district, volunteer, weekday, from_minute)
);

-- Community organisations, teams, agencies, units, merchants.
CREATE TABLE org (
  district      INTEGER NOT NULL,
  id            TEXT    NOT NULL,
  kind          TEXT    NOT NULL,
  name          TEXT    NOT NULL,
  class         TEXT    NOT NULL,
  status        TEXT    NOT NULL,
  community     TEXT    NOT NULL,
  place         TEXT    NOT NULL,
  place_path    TEXT    NOT NULL,
  leader        TEXT    NOT NULL,
  phone         TEXT    NOT NULL,
  founded       TEXT    NOT NULL,
  purpose       TEXT    NOT NULL,
  lat           DOUBLE PRECISION,
  lng           DOUBLE PRECISION,
  capacity_week INTEGER NOT NULL,
  created_at    BIGINT  NOT NULL,
  version       BIGINT  NOT NULL,
  PRIMARY KEY (district, id)
);
CREATE INDEX org_community ON org (district, community, kind, name, id);
CREATE INDEX org_kind ON org (district, kind, name, id);
CREATE INDEX org_leader ON org (district, leader);

CREATE TABLE org_service (
  district INTEGER NOT NULL,
  org      TEXT    NOT NULL,
  service  TEXT    NOT NULL,
  PRIMARY KEY (district, org, service)
);

CREATE TABLE org_member (
  district INTEGER NOT NULL,
  org      TEXT    NOT NULL,
  person   TEXT    NOT NULL,
  since    BIGINT  NOT NULL,
  until    BIGINT,
  PRIMARY KEY (district, org, person)
);
CREATE INDEX org_member_person ON org_member (district, person);
