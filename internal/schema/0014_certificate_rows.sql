-- +goose Up
-- The rows of a certificate are found by it alone, before there are statistics too.
DROP INDEX certificate_row_of;
CREATE INDEX certificate_row_of ON certificate_row (district, certificate, record);
