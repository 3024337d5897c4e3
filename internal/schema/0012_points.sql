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
CREATE INDEX points_deed_held_in ON points_deed (district, community, held_until);

-- The catalogue: what a place gives for points. Stock falls when a coupon is taken.
CREATE TABLE reward (
  district   INTEGER NOT NULL,
  id         TEXT    NOT NULL,
  version    BIGINT  NOT NULL,
  place      TEXT    NOT NULL,
  merchant   TEXT    NOT NULL, -- org; empty when the station itself gives it
  name       TEXT    NOT NULL,
  about      TEXT    NOT NULL,
  points     BIGINT  NOT NULL,
  stock      BIGINT  NOT NULL,
  month_most INTEGER NOT NULL, -- a person takes at most so many in a month; 0: no limit
  hours      TEXT    NOT NULL, -- when it is handed over, in words
  wish       TEXT    NOT NULL, -- that it answers
  active     BOOLEAN NOT NULL,
  made_at    BIGINT  NOT NULL,
  PRIMARY KEY (district, id)
);
CREATE INDEX reward_place ON reward (district, place, active, id);
CREATE INDEX reward_merchant ON reward (district, merchant, id);

-- A one-time coupon. The number is what people type; the signature that stands in
-- its QR code follows from the row and a key that the database does not hold.
CREATE TABLE coupon (
  district   INTEGER NOT NULL,
  id         TEXT    NOT NULL,
  number     TEXT    NOT NULL,
  reward     TEXT    NOT NULL,
  name       TEXT    NOT NULL, -- of the reward, as it was
  place      TEXT    NOT NULL,
  merchant   TEXT    NOT NULL,
  person     TEXT    NOT NULL,
  points     BIGINT  NOT NULL,
  state      TEXT    NOT NULL, -- open, redeemed, returned, expired
  issued_at  BIGINT  NOT NULL,
  last_day   TEXT    NOT NULL, -- on which it can be used
  ends_at    BIGINT  NOT NULL, -- unused, it gives its points back then
  ended_at   BIGINT,
  PRIMARY KEY (district, id)
);
CREATE UNIQUE INDEX coupon_number ON coupon (district, number);
CREATE INDEX coupon_person ON coupon (district, person, issued_at, id);
CREATE INDEX coupon_till ON coupon (district, merchant, state, id);
CREATE INDEX coupon_ends ON coupon (district, state, ends_at);

-- Each time a coupon was handed over a counter: once is right, more is a finding.
CREATE TABLE coupon_use (
  district   INTEGER NOT NULL,
  id         TEXT    NOT NULL, -- made by the till, so that what is sent twice counts once
  coupon     TEXT    NOT NULL,
  place      TEXT    NOT NULL,
  merchant   TEXT    NOT NULL,
  cashier    TEXT    NOT NULL, -- person
  at         BIGINT  NOT NULL, -- when it was handed over, by the till's clock
  booked_at  BIGINT  NOT NULL,
  offline    BOOLEAN NOT NULL,
  outcome    TEXT    NOT NULL, -- good, double, returned, expired
  bearer     TEXT    NOT NULL, -- place, merchant, holder; empty for a good one
  points     BIGINT  NOT NULL,
  name       TEXT    NOT NULL,
  settled_by TEXT    NOT NULL,
  settled_at BIGINT,
  words      TEXT    NOT NULL,
  PRIMARY KEY (district, id)
);
CREATE INDEX coupon_use_merchant ON coupon_use (district, merchant, booked_at, id);
CREATE INDEX coupon_use_place ON coupon_use (district, place, outcome, booked_at, id);
CREATE INDEX coupon_use_coupon ON coupon_use (district, coupon, at);

-- Which rewards people wish for, and who else would like them.
CREATE TABLE reward_wish (
  district INTEGER NOT NULL,
  id       TEXT    NOT NULL,
  place    TEXT    NOT NULL,
  name     TEXT    NOT NULL,
  asked_by TEXT    NOT NULL,
  asked_at BIGINT  NOT NULL,
  state    TEXT    NOT NULL, -- open, offered, declined
  answer   TEXT    NOT NULL,
  PRIMARY KEY (district, id)
);
CREATE UNIQUE INDEX reward_wish_name ON reward_wish (district, place, name);
CREATE TABLE reward_wish_vote (
  district INTEGER NOT NULL,
  wish     TEXT    NOT NULL,
  person   TEXT    NOT NULL,
  at       BIGINT  NOT NULL,
  PRIMARY KEY (district, wish, person)
);

-- How many hours a star is at a place, by the moment from which it holds.
CREATE TABLE star_table (
  district  INTEGER NOT NULL,
  place     TEXT    NOT NULL,
  since     BIGINT  NOT NULL,
  yearly    BOOLEAN NOT NULL, -- the hours of a year; else of all time
  hours     TEXT    NOT NULL, -- of one to five stars: "100,300,600,1000,1500"
  approvers TEXT    NOT NULL, -- who approves each: "community,community,street,street,district"
  workdays  INTEGER NOT NULL, -- of public notice
  set_by    TEXT    NOT NULL,
  PRIMARY KEY (district, place, since)
);

-- A star for somebody: proposed by the house, approved, in notice, given.
CREATE TABLE star_case (
  district    INTEGER NOT NULL,
  id          TEXT    NOT NULL,
  version     BIGINT  NOT NULL,
  volunteer   TEXT    NOT NULL,
  community   TEXT    NOT NULL,
  star        INTEGER NOT NULL,
  year        INTEGER NOT NULL, -- 0: of all time
  minutes     BIGINT  NOT NULL, -- that count, as it was proposed
  level       TEXT    NOT NULL, -- who approves
  workdays    INTEGER NOT NULL,
  state       TEXT    NOT NULL,
  made_at     BIGINT  NOT NULL,
  approved_by TEXT    NOT NULL,
  approved_at BIGINT,
  notice_ends BIGINT,
  ended_at    BIGINT,
  answer      TEXT    NOT NULL,
  PRIMARY KEY (district, id)
);
CREATE UNIQUE INDEX star_case_once ON star_case (district, volunteer, year, star);
CREATE INDEX star_case_community ON star_case (district, community, state, id);
CREATE INDEX star_case_state ON star_case (district, state, notice_ends, id);

-- What somebody says against a star or an honour in public notice.
CREATE TABLE star_objection (
  district   INTEGER NOT NULL,
  id         TEXT    NOT NULL,
  subject    TEXT    NOT NULL, -- the case or the round
  person     TEXT    NOT NULL,
  words      TEXT    NOT NULL,
  at         BIGINT  NOT NULL,
  due_at     BIGINT  NOT NULL,
  upheld     BOOLEAN,
  answer     TEXT    NOT NULL,
  decided_by TEXT    NOT NULL,
  decided_at BIGINT,
  PRIMARY KEY (district, id)
);
CREATE UNIQUE INDEX star_objection_once ON star_objection (district, subject, person);

-- A yearly honour of a place: nomination, vote, notice.
CREATE TABLE honour_round (
  district    INTEGER NOT NULL,
  id          TEXT    NOT NULL,
  version     BIGINT  NOT NULL,
  place       TEXT    NOT NULL,
  kind        TEXT    NOT NULL, -- fairest, idea
  year        INTEGER NOT NULL,
  seats       INTEGER NOT NULL,
  state       TEXT    NOT NULL,
  opened_at   BIGINT  NOT NULL,
  nominate_to TEXT    NOT NULL, -- last day
  vote_to     TEXT    NOT NULL, -- last day
  notice_ends BIGINT,
  ended_at    BIGINT,
  PRIMARY KEY (district, id)
);
CREATE UNIQUE INDEX honour_round_once ON honour_round (district, place, kind, year);
CREATE INDEX honour_round_state ON honour_round (district, state, id);

CREATE TABLE honour_nominee (
  district     INTEGER NOT NULL,
  id           TEXT    NOT NULL,
  round        TEXT    NOT NULL,
  volunteer    TEXT    NOT NULL,
  words        TEXT    NOT NULL, -- what for, or the idea itself
  nominated_by TEXT    NOT NULL,
  at           BIGINT  NOT NULL,
  votes        BIGINT  NOT NULL, -- as they were counted at the end
  won          BOOLEAN NOT NULL,
  PRIMARY KEY (district, id)
);
CREATE UNIQUE INDEX honour_nominee_once ON honour_nominee (district, round, volunteer);
CREATE INDEX honour_nominee_volunteer ON honour_nominee (district, volunteer, won);

-- One person, one vote.
CREATE TABLE honour_vote (
  district INTEGER NOT NULL,
  round    TEXT    NOT NULL,
  person   TEXT    NOT NULL,
  nominee  TEXT    NOT NULL,
  at       BIGINT  NOT NULL,
  PRIMARY KEY (district, round, person)
);
