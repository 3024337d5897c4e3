-- +goose Up
-- Times are UTC milliseconds, days are ISO text, money and points are whole numbers.

-- The tree of places. Provinces and cities carry the first six digits of their
-- code as district, so that the whole tree stands in one table.
CREATE TABLE place (
  district   INTEGER NOT NULL,
  id         TEXT    NOT NULL,
  parent     TEXT    NOT NULL,
  level      TEXT    NOT NULL,
  name       TEXT    NOT NULL,
  path       TEXT    NOT NULL,
  lat        DOUBLE PRECISION,
  lng        DOUBLE PRECISION,
  phone      TEXT    NOT NULL,
  valid_from BIGINT  NOT NULL,
  valid_to   BIGINT,
  PRIMARY KEY (district, id)
);
-- The tree is read across districts: the parent of a county is its city's row.
CREATE INDEX place_parent ON place (parent, id);
CREATE INDEX place_level ON place (district, level, id);

-- What a place's old code is called now.
CREATE TABLE place_code (
  district INTEGER NOT NULL,
  old_id   TEXT    NOT NULL,
  new_id   TEXT    NOT NULL,
  since    BIGINT  NOT NULL,
  PRIMARY KEY (district, old_id)
);
CREATE INDEX place_code_new ON place_code (new_id);

-- How many there are in a community, kept by whoever changes it, so that the
-- page of a place costs the same however much has happened there.
CREATE TABLE place_count (
  district  INTEGER NOT NULL,
  metric    TEXT    NOT NULL,
  community TEXT    NOT NULL,
  n         BIGINT  NOT NULL,
  PRIMARY KEY (district, metric, community)
);

-- Versioned rules of a place; the newest whose day has come holds.
CREATE TABLE place_rule (
  district INTEGER NOT NULL,
  place    TEXT    NOT NULL,
  name     TEXT    NOT NULL,
  since    BIGINT  NOT NULL,
  value    BIGINT  NOT NULL,
  set_by   TEXT    NOT NULL,
  PRIMARY KEY (district, place, name, since)
);

CREATE TABLE household (
  district  INTEGER NOT NULL,
  id        TEXT    NOT NULL,
  community TEXT    NOT NULL,
  place     TEXT    NOT NULL,
  door      TEXT    NOT NULL,
  PRIMARY KEY (district, id)
);
CREATE UNIQUE INDEX household_door ON household (district, place, door);
CREATE INDEX household_community ON household (district, community, id);

-- Somebody whom the place knows. Most have no account.
CREATE TABLE person (
  district   INTEGER NOT NULL,
  id         TEXT    NOT NULL,
  community  TEXT    NOT NULL,
  place      TEXT    NOT NULL,
  household  TEXT,
  name       TEXT    NOT NULL,
  sex        TEXT    NOT NULL,
  birth      TEXT    NOT NULL,
  id_type    TEXT    NOT NULL,
  id_number  TEXT,
  phone      TEXT    NOT NULL,
  address    TEXT    NOT NULL,
  note       TEXT    NOT NULL,
  lives_alone BOOLEAN NOT NULL,
  created_at BIGINT  NOT NULL,
  version    BIGINT  NOT NULL,
  PRIMARY KEY (district, id)
);
CREATE INDEX person_community ON person (district, community, id);
CREATE INDEX person_name ON person (district, community, name, id);
CREATE INDEX person_phone ON person (district, phone);
CREATE UNIQUE INDEX person_id_number ON person (district, id_type, id_number);
CREATE INDEX person_place ON person (district, place, name, id);
CREATE INDEX person_household ON person (district, household);

-- One agreement for one purpose; withdrawing it is a time, not a deletion.
CREATE TABLE consent (
  district     INTEGER NOT NULL,
  id           TEXT    NOT NULL,
  person       TEXT    NOT NULL,
  purpose      TEXT    NOT NULL,
  text_version TEXT    NOT NULL,
  given_by     TEXT    NOT NULL,
  given_at     BIGINT  NOT NULL,
  withdrawn_at BIGINT,
  PRIMARY KEY (district, id)
);
CREATE INDEX consent_person ON consent (district, person, purpose, given_at);

-- Who may act for whom: a family member to whom the elder agreed. Two who live
-- in different districts have the row in both, so that each side finds it at home.
CREATE TABLE proxy (
  district           INTEGER NOT NULL,
  id                 TEXT    NOT NULL,
  principal          TEXT    NOT NULL,
  principal_district INTEGER NOT NULL,
  agent              TEXT    NOT NULL,
  agent_district     INTEGER NOT NULL,
  relation           TEXT    NOT NULL,
  agreed_at          BIGINT  NOT NULL,
  agreed_how         TEXT    NOT NULL,
  ended_at           BIGINT,
  PRIMARY KEY (district, id)
);
CREATE INDEX proxy_agent ON proxy (district, agent);
CREATE INDEX proxy_principal ON proxy (district, principal);

-- Each time somebody was shown what is usually masked.
CREATE TABLE disclosure (
  district INTEGER NOT NULL,
  id       TEXT    NOT NULL,
  person   TEXT    NOT NULL,
  viewer   TEXT    NOT NULL,
  viewer_name TEXT NOT NULL,
  viewer_role TEXT NOT NULL,
  fields   TEXT    NOT NULL,
  reason   TEXT    NOT NULL,
  order_id TEXT,
  at       BIGINT  NOT NULL,
  PRIMARY KEY (district, id)
);
CREATE INDEX disclosure_person ON disclosure (district, person, at, id);

-- An account signs in. Its id is the person's. Without a password_hash it signs
-- in by one-time codes only.
CREATE TABLE account (
  district      INTEGER NOT NULL,
  id            TEXT    NOT NULL,
  phone         TEXT    NOT NULL,
  password_hash TEXT    NOT NULL,
  created_at    BIGINT  NOT NULL,
  disabled_at   BIGINT,
  PRIMARY KEY (district, id)
);

-- Registry: in which district the account of a phone is. The only table whose
-- key has no district, because this is what finds it.
CREATE TABLE login (
  phone    TEXT    NOT NULL PRIMARY KEY,
  district INTEGER NOT NULL,
  account  TEXT    NOT NULL
);

-- Wrong passwords in a row for a phone. Phones without an account have rows too,
-- under district 0: from outside both must look the same.
CREATE TABLE sign_in_failure (
  district     INTEGER NOT NULL,
  phone        TEXT    NOT NULL,
  failures     INTEGER NOT NULL,
  last_at      BIGINT  NOT NULL,
  locked_until BIGINT  NOT NULL,
  PRIMARY KEY (district, phone)
);
CREATE INDEX sign_in_failure_last ON sign_in_failure (district, last_at);

-- The latest one-time code of a phone. The code itself is nowhere: it follows
-- from the nonce and a secret that the database does not hold. District as above.
CREATE TABLE phone_code (
  district   INTEGER NOT NULL,
  phone      TEXT    NOT NULL,
  purpose    TEXT    NOT NULL,
  nonce      TEXT    NOT NULL, -- empty once used
  tries      INTEGER NOT NULL,
  sent_at    BIGINT  NOT NULL,
  expires_at BIGINT  NOT NULL,
  day        TEXT    NOT NULL, -- on which sent counts
  sent       INTEGER NOT NULL,
  PRIMARY KEY (district, phone)
);
CREATE INDEX phone_code_sent ON phone_code (district, sent_at);

-- A signed-in browser or API client. Only the hash of its token is kept.
CREATE TABLE session (
  district   INTEGER NOT NULL,
  token_hash TEXT    NOT NULL,
  account    TEXT    NOT NULL,
  kind       TEXT    NOT NULL,
  device     TEXT    NOT NULL,
  created_at BIGINT  NOT NULL,
  seen_at    BIGINT  NOT NULL,
  expires_at BIGINT  NOT NULL,
  revoked_at BIGINT,
  PRIMARY KEY (district, token_hash)
);
CREATE INDEX session_account ON session (district, account);
CREATE INDEX session_expires ON session (district, expires_at);

-- A role held at a place and everything below it, or in an organisation. The row
-- stands in the person's district; the place may lie in another.
CREATE TABLE role_grant (
  district       INTEGER NOT NULL,
  id             TEXT    NOT NULL,
  person         TEXT    NOT NULL,
  role           TEXT    NOT NULL,
  place_district INTEGER NOT NULL,
  place          TEXT    NOT NULL,
  place_path     TEXT    NOT NULL,
  org            TEXT    NOT NULL, -- empty when not held in an organisation
  granted_by     TEXT    NOT NULL,
  since          BIGINT  NOT NULL,
  until          BIGINT,
  PRIMARY KEY (district, id)
);
CREATE INDEX role_grant_person ON role_grant (district, person);
CREATE INDEX role_grant_place ON role_grant (district, place_path, role);

-- What happened, numbered without gaps in the order of commits of a district.
CREATE TABLE event (
  district     INTEGER NOT NULL,
  no           BIGINT  NOT NULL,
  at           BIGINT  NOT NULL,
  community    TEXT    NOT NULL,
  actor        TEXT    NOT NULL,
  act          TEXT    NOT NULL,
  subject_kind TEXT    NOT NULL,
  subject      TEXT    NOT NULL,
  data         TEXT    NOT NULL,
  PRIMARY KEY (district, no)
);
CREATE INDEX event_subject ON event (district, subject, no);

CREATE TABLE event_counter (
  district INTEGER NOT NULL PRIMARY KEY,
  no       BIGINT  NOT NULL
);

-- How far a named reader has read.
CREATE TABLE event_cursor (
  district INTEGER NOT NULL,
  reader   TEXT    NOT NULL,
  no       BIGINT  NOT NULL,
  PRIMARY KEY (district, reader)
);

-- The double-entry ledger.
CREATE TABLE ledger_account (
  district  INTEGER NOT NULL,
  id        TEXT    NOT NULL,
  owner     TEXT    NOT NULL,
  book      TEXT    NOT NULL,
  unit      TEXT    NOT NULL,
  balance   BIGINT  NOT NULL,
  overdraft BOOLEAN NOT NULL,
  PRIMARY KEY (district, id)
);
CREATE UNIQUE INDEX ledger_account_owner ON ledger_account (district, owner, book, unit);

CREATE TABLE ledger_posting (
  district INTEGER NOT NULL,
  id       TEXT    NOT NULL,
  source   TEXT    NOT NULL,
  place    TEXT    NOT NULL,
  at       BIGINT  NOT NULL,
  memo     TEXT    NOT NULL,
  reverses TEXT,
  seq      BIGINT,
  prev     TEXT    NOT NULL,
  hash     TEXT    NOT NULL,
  PRIMARY KEY (district, id)
);
CREATE UNIQUE INDEX ledger_posting_source ON ledger_posting (district, source);
CREATE UNIQUE INDEX ledger_posting_seq ON ledger_posting (district, place, seq);

CREATE TABLE ledger_entry (
  district INTEGER NOT NULL,
  posting  TEXT    NOT NULL,
  line     INTEGER NOT NULL,
  account  TEXT    NOT NULL,
  amount   BIGINT  NOT NULL,
  balance  BIGINT  NOT NULL,
  at       BIGINT  NOT NULL,
  PRIMARY KEY (district, posting, line)
);
CREATE INDEX ledger_entry_account ON ledger_entry (district, account, at, posting);

-- The head of each place's chain of hashes.
CREATE TABLE ledger_chain (
  district INTEGER NOT NULL,
  place    TEXT    NOT NULL,
  seq      BIGINT  NOT NULL,
  hash     TEXT    NOT NULL,
  PRIMARY KEY (district, place)
);
