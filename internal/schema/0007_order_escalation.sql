-- +goose Up
-- An order that stays late is reported to the street (internal/feature/order).
ALTER TABLE service_order ADD COLUMN escalated BOOLEAN NOT NULL DEFAULT FALSE;

-- Only the few that the street was told of are in this index.
CREATE INDEX service_order_escalated ON service_order (district, community, created_at, id) WHERE escalated;

-- A person's own offers, newest first.
CREATE INDEX offer_newest ON offer (district, asked, sent_at, id);

-- Orders that are late already were marked so before anybody looked at them again.
-- Three days are a working day over any weekend; the handler looks at the order and
-- at its limit, so what was helped meanwhile stays where it is.
INSERT INTO job (district, id, kind, job_key, args, state, attempt, due_at, error)
SELECT district, id, 'order.street', id || ':' || CAST(due_at AS TEXT),
  '{"order":"' || id || '","due":' || CAST(due_at AS TEXT) || '}', 'open', 0, due_at + 3 * 86400000, ''
FROM service_order WHERE late AND due_at IS NOT NULL AND state NOT IN ('evaluated', 'cancelled');
