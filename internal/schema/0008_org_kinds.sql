-- +goose Up
-- A community counts its organisations by kind (internal/feature/org); all but teams
-- were counted as one.
DELETE FROM place_count WHERE metric = 'orgs' OR metric LIKE 'orgs/%';

INSERT INTO place_count (district, metric, community, n)
SELECT district, CASE kind WHEN 'community_org' THEN 'orgs' ELSE 'orgs/' || kind END, community, count(*)
FROM org WHERE kind <> 'team' AND status = 'active' AND community <> ''
GROUP BY district, kind, community;
