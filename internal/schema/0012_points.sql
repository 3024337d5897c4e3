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
CREATE INDEX points_deed_person ON points_deed (district, person, day, source);
CREATE INDEX points_deed_held ON points_deed (district, person, held_until);
CREATE INDEX points_deed_community ON points_deed (district, community, day, source);

-- What was earned before these rows were kept, by the records that it was for.
INSERT INTO points_deed (district, source, person, community, category, activity, day, minutes, items, worth, points, held_until)
SELECT r.district, r.source, r.volunteer, p.place, r.category, r.order_id, r.day, r.minutes, 0, e.amount, e.amount, 0
FROM service_record r
JOIN ledger_posting p ON p.district = r.district AND p.source = r.source || ':points'
JOIN ledger_entry e ON e.district = p.district AND e.posting = p.id
JOIN ledger_account a ON a.district = e.district AND a.id = e.account AND a.owner = r.volunteer AND a.book = 'earned';
