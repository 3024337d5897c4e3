-- +goose Up
-- What somebody is told. At most one for each event and person, so that events may
-- be read twice. The text is a message id with its arguments, said in the reader's
-- language when it is shown; it holds no personal data.
CREATE TABLE notice (
  district INTEGER NOT NULL,
  person   TEXT    NOT NULL,
  event_no BIGINT  NOT NULL,
  at       BIGINT  NOT NULL,
  msg      TEXT    NOT NULL,
  args     TEXT    NOT NULL,
  link     TEXT    NOT NULL,
  read_at  BIGINT,
  PRIMARY KEY (district, person, event_no)
);
CREATE INDEX notice_unread ON notice (district, person, read_at);
CREATE INDEX notice_at ON notice (district, at);
