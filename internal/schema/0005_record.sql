-- +goose Up
-- The legal record: time actually spent, with its evidence grade.
CREATE TABLE service_record (
  district   INTEGER NOT NULL,
  id         TEXT    NOT NULL,
  source     TEXT    NOT NULL,
  volunteer  TEXT    NOT NULL,
  community  TEXT    NOT NULL,
  order_id   TEXT    NOT NULL,
  number     TEXT    NOT NULL,
  name       TEXT    NOT NULL,
  category   TEXT    NOT NULL,
  place      TEXT    NOT NULL,
  content    TEXT    NOT NULL,
  day        TEXT    NOT NULL,
  started_at BIGINT  NOT NULL,
  ended_at   BIGINT  NOT NULL,
  minutes    INTEGER NOT NULL,
  grade      TEXT    NOT NULL,
  organiser  TEXT    NOT NULL,
  in_charge  TEXT    NOT NULL,
  entered_by TEXT    NOT NULL,
  entered_at BIGINT  NOT NULL,
  PRIMARY KEY (district, id)
);
CREATE UNIQUE INDEX service_record_source ON service_record (district, source);
CREATE INDEX service_record_volunteer ON service_record (district, volunteer, started_at, id);
CREATE INDEX service_record_community ON service_record (district, community, started_at, id);

-- A volunteer's minutes by grade, of each year and, as year 0, of all. The row of
-- year 0 is taken first by whoever adds a record: two of one person wait in turn.
CREATE TABLE record_total (
  district  INTEGER NOT NULL,
  volunteer TEXT    NOT NULL,
  year      INTEGER NOT NULL,
  grade_a   BIGINT  NOT NULL,
  grade_b   BIGINT  NOT NULL,
  grade_c   BIGINT  NOT NULL,
  grade_m   BIGINT  NOT NULL,
  records   BIGINT  NOT NULL,
  PRIMARY KEY (district, volunteer, year)
);
