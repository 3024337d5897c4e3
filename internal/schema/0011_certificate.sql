-- +goose Up

-- A certificate from the moment somebody asks for it; what stands on it is kept as
-- it was issued (paper, credential), whatever becomes of the rows that it sums up.
CREATE TABLE certificate (
  district     INTEGER NOT NULL,
  id           TEXT    NOT NULL,
  code         TEXT    NOT NULL, -- in the address of the public page; cannot be guessed
  state        TEXT    NOT NULL, -- applied, accepted, issued; refused, withdrawn, revoked
  version      BIGINT  NOT NULL,
  volunteer    TEXT    NOT NULL,
  community    TEXT    NOT NULL,
  from_day     TEXT    NOT NULL,
  to_day       TEXT    NOT NULL,
  remark       TEXT    NOT NULL,
  number       TEXT    NOT NULL, -- empty until it is issued
  minutes      BIGINT  NOT NULL,
  paper        TEXT    NOT NULL, -- JSON: what stands on it
  credential   TEXT    NOT NULL, -- JSON: signed
  handler      TEXT    NOT NULL, -- person who accepted; empty: the platform
  head         TEXT    NOT NULL, -- person who issued; empty: the platform
  batch        TEXT    NOT NULL, -- that it was issued in; else empty
  status_list  INTEGER NOT NULL,
  status_index INTEGER NOT NULL,
  applied_at   BIGINT  NOT NULL,
  accepted_at  BIGINT,
  issued_at    BIGINT,
  notice_until BIGINT,           -- it is announced until then
  ended_at     BIGINT,
  ended_by     TEXT    NOT NULL,
  reason       TEXT    NOT NULL, -- why it was refused or revoked
  doubt        TEXT    NOT NULL, -- number of the row that was taken back since; else empty
  PRIMARY KEY (district, id)
);
CREATE UNIQUE INDEX certificate_code ON certificate (district, code);
CREATE UNIQUE INDEX certificate_number ON certificate (district, number) WHERE number <> '';
CREATE UNIQUE INDEX certificate_status ON certificate (district, status_list, status_index) WHERE number <> '';
CREATE INDEX certificate_volunteer ON certificate (district, volunteer, applied_at, id);
CREATE INDEX certificate_register ON certificate (district, community, applied_at, id);
CREATE INDEX certificate_waiting ON certificate (district, community, applied_at, id) WHERE state IN ('applied', 'accepted') OR doubt <> '';
CREATE INDEX certificate_notice ON certificate (district, community, notice_until, id) WHERE state = 'issued';
CREATE INDEX certificate_batched ON certificate (district, batch, number) WHERE batch <> '';

-- Which rows of the record a certificate stands on.
CREATE TABLE certificate_row (
  district    INTEGER NOT NULL,
  certificate TEXT    NOT NULL,
  record      TEXT    NOT NULL,
  PRIMARY KEY (district, record, certificate)
);
CREATE INDEX certificate_row_of ON certificate_row (district, certificate);

-- The last serial number of a place on a day.
CREATE TABLE certificate_serial (
  district INTEGER NOT NULL,
  place    TEXT    NOT NULL,
  day      TEXT    NOT NULL,
  last     BIGINT  NOT NULL,
  PRIMARY KEY (district, place, day)
);

-- Many at once.
CREATE TABLE certificate_batch (
  district INTEGER NOT NULL,
  id       TEXT    NOT NULL,
  place    TEXT    NOT NULL,
  from_day TEXT    NOT NULL,
  to_day   TEXT    NOT NULL,
  remark   TEXT    NOT NULL,
  state    TEXT    NOT NULL, -- running, done
  wanted   BIGINT  NOT NULL, -- volunteers to look at
  seen     BIGINT  NOT NULL,
  made     BIGINT  NOT NULL,
  spot     TEXT    NOT NULL, -- JSON: where to go on
  begun_by TEXT    NOT NULL,
  begun_at BIGINT  NOT NULL,
  ended_at BIGINT,
  PRIMARY KEY (district, id)
);
CREATE INDEX certificate_batch_place ON certificate_batch (district, place, begun_at, id);

-- Who issues at a place: what is printed as the unit, versioned.
CREATE TABLE certificate_unit (
  district INTEGER NOT NULL,
  place    TEXT    NOT NULL,
  since    BIGINT  NOT NULL,
  name     TEXT    NOT NULL, -- empty: the station of the community
  head     TEXT    NOT NULL, -- person in charge, as printed
  ministry TEXT    NOT NULL, -- number in the ministry's system; empty: a platform record
  set_by   TEXT    NOT NULL,
  PRIMARY KEY (district, place, since)
);

-- The public halves of all keys that ever signed here, so that the issuer's document
-- is complete even if the key file is lost. District 0: they are the whole house's.
CREATE TABLE issuer_key (
  district   INTEGER NOT NULL,
  public_key TEXT    NOT NULL,
  did        TEXT    NOT NULL,
  created_at BIGINT  NOT NULL,
  retired_at BIGINT,
  PRIMARY KEY (district, public_key)
);
