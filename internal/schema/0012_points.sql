-- +goose Up
-- What earned points: one row a source, beside the postings, so that a rule can be
-- tried on what was done and what is in public notice can be held.
CREATE TABLE points_deed (
  district   INTEGER NOT NULL,
  source     TEXT    NOT NULL,
  person     TEXT    NOT NULL,
  community  TEXT    NOT NULL, -- that issues
  category   TEXT    NOT NULL, -- of the service; empty for items
  activity   TEXT    NOT NULL, -- the order or activity; empty when it stands alone
  day        TEXT    NOT NULL, -- on which it was done
  minutes    INTEGER NOT NULL,
  items      INTEGER NOT NULL,
  worth      BIGINT  NOT NULL, -- points before caps
  points     BIGINT  NOT NULL, -- that it earned; 0 when taken back
  held_until BIGINT  NOT NULL, -- cannot be spent before; 0: free
  taken_at   BIGINT,
  PRIMARY KEY (district, source)
);
CREATE INDEX points_deed_person ON points_deed (district, person, day, points);
CREATE INDEX points_deed_held ON points_deed (district, person, held_until);
CREATE INDEX points_deed_community ON points_deed (district, community, day, source);

-- What was earned before these rows were kept, by the records that it was for.
INSERT INTO points_deed (district, source, person, community, category, activity, day, minutes, items, worth, points, held_until)
SELECT r.district, r.source, r.volunteer, p.place, r.category, r.order_id, r.day, r.minutes, 0, e.amount, e.amount, 0
FROM service_record r
JOIN ledger_posting p ON p.district = r.district AND p.source = r.source || ':points'
JOIN ledger_entry e ON e.district = p.district AND e.posting = p.id
JOIN ledger_account a ON a.district = e.district AND a.id = e.account AND a.owner = r.volunteer AND a.book = 'earned';
INSERT INTO place_count (district, metric, community, n)
SELECT district, 'points/' || substr(day, 1, 7), community, sum(points) FROM points_deed
GROUP BY district, community, substr(day, 1, 7) HAVING sum(points) <> 0;

-- What a class of service is worth against an ordinary hour, in percent, by the
-- moment from which it holds.
CREATE TABLE points_factor (
  district INTEGER NOT NULL,
  place    TEXT    NOT NULL,
  category TEXT    NOT NULL, -- a service, or an official category with all below it
  since    BIGINT  NOT NULL,
  percent  BIGINT  NOT NULL,
  set_by   TEXT    NOT NULL,
  PRIMARY KEY (district, place, category, since)
);

-- A gift inside a household or to a named elder.
CREATE TABLE points_gift (
  district INTEGER NOT NULL,
  id       TEXT    NOT NULL,
  giver    TEXT    NOT NULL,
  receiver TEXT    NOT NULL,
  kind     TEXT    NOT NULL, -- household, elder
  amount   BIGINT  NOT NULL,
  words    TEXT    NOT NULL,
  day      TEXT    NOT NULL,
  at       BIGINT  NOT NULL,
  PRIMARY KEY (district, id)
);
CREATE INDEX points_gift_giver ON points_gift (district, giver, day);
CREATE INDEX points_gift_receiver ON points_gift (district, receiver, day);

-- Items that somebody brought, as the receipt shows them (慈善法 38).
CREATE TABLE donation (
  district     INTEGER NOT NULL,
  id           TEXT    NOT NULL,
  number       TEXT    NOT NULL, -- of the receipt
  place        TEXT    NOT NULL,
  donor        TEXT    NOT NULL, -- person; empty when not on file or anonymous
  donor_name   TEXT    NOT NULL, -- as written; empty when anonymous
  item         TEXT    NOT NULL,
  quantity     INTEGER NOT NULL,
  points       BIGINT  NOT NULL,
  handler      TEXT    NOT NULL, -- person who took it in
  handler_name TEXT    NOT NULL,
  day          TEXT    NOT NULL,
  at           BIGINT  NOT NULL,
  withdrawn_by TEXT    NOT NULL,
  withdrawn_at BIGINT,
  reason       TEXT    NOT NULL,
  PRIMARY KEY (district, id)
);
CREATE UNIQUE INDEX donation_number ON donation (district, place, number);
CREATE INDEX donation_place ON donation (district, place, at, id);

-- Points that lapse on a day, told to whom they belong at least 60 days before.
CREATE TABLE points_lapse (
  district INTEGER NOT NULL,
  person   TEXT    NOT NULL,
  due      TEXT    NOT NULL,
  points   BIGINT  NOT NULL, -- as told
  told_at  BIGINT  NOT NULL,
  lapsed   BIGINT  NOT NULL,
  done_at  BIGINT,
  PRIMARY KEY (district, person, due)
);
