-- +goose Up
-- When somebody who is asked by a plan would come; NULL when that is to be agreed.
ALTER TABLE offer ADD COLUMN visit_from BIGINT;
ALTER TABLE offer ADD COLUMN visit_to BIGINT;
