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
