-- Rows as a database of version 6 holds them, in the tables that later versions touch.
INSERT INTO service_order (district, id, number, version, state, category, title, words, urgency, risk, flags, needs_check,
  community, place, place_path, address, phone, lat, lng, for_person, requester, acting, source, window_from, window_to,
  people_needed, taken, wave, returns, code_secret, code_failures, satisfaction, solved, note, in_time, due_at, late,
  created_at, dispatched_at, accepted_at, started_at, finished_at, closed_at)
VALUES
  (440304, '019a-late', '251121-001', 4, 'requested', 'life.repair', '修灯', '家里灯不亮了', 'soon', 'none', '', FALSE,
    '440304001001', '440304001001', '440304/440304001/440304001001/', '3 栋 501', '13800000001', 22.5333, 114.0545, 'p1', 'p1', '', 'app', NULL, NULL,
    1, 0, 0, 0, 's1', 0, '', '', '', '', 1763740800000, TRUE, 1763600000000, NULL, NULL, NULL, NULL, NULL),
  (440304, '019a-good', '251121-002', 2, 'dispatched', 'life.repair', '修水管', '水管漏了', 'now', 'none', '', FALSE,
    '440304001001', '440304001001', '440304/440304001/440304001001/', '', '', NULL, NULL, 'p2', 'p3', 'family', 'phone', 1763700000000, 1763707200000,
    2, 0, 1, 0, 's2', 0, '', '', '', 'yes', 1763740800000, FALSE, 1763610000000, 1763611000000, NULL, NULL, NULL, NULL),
  (440304, '019a-done', '251101-001', 9, 'evaluated', 'life.repair', '理发', '', 'soon', 'none', 'alone', FALSE,
    '440304001001', '440304001001', '440304/440304001/440304001001/', '', '', NULL, NULL, 'p2', 'p2', '', 'app', NULL, NULL,
    1, 1, 1, 0, 's3', 0, 'satisfied', 'yes', '谢谢', 'no', 1762000000000, TRUE, 1761900000000, 1761910000000, 1761920000000, 1761930000000, 1761940000000, 1761950000000);

INSERT INTO offer (district, id, order_id, wave, kind, candidate, asked, state, sent_at, answer_by, answered_at, answered_by, reason)
VALUES
  (440304, 'f1', '019a-good', 1, 'volunteer', 'v1', 'v1', 'open', 1763611000000, 1763697400000, NULL, '', ''),
  (440304, 'f2', '019a-done', 1, 'volunteer', 'v2', 'v2', 'refused', 1761910000000, 1761996400000, 1761911000000, 'v2', '身体不舒服');

INSERT INTO job (district, id, kind, job_key, args, state, attempt, due_at, error)
VALUES (440304, 'j1', 'order.lapse', 'f1', '{"order":"019a-good","offer":"f1"}', 'open', 0, 1763697400000, '');

INSERT INTO org (district, id, kind, name, class, status, community, place, place_path, leader, phone, founded, purpose, lat, lng, capacity_week, created_at, version)
VALUES
  (440304, 'o1', 'team', '修灯队', '', 'active', '440304001001', '440304001001', '440304/440304001/440304001001/', 'v1', '', '', '', NULL, NULL, 0, 1761900000000, 1),
  (440304, 'o2', 'community_org', '合唱团', '', 'active', '440304001001', '440304001001', '440304/440304001/440304001001/', '', '', '2020-05-01', '', NULL, NULL, 0, 1761900000000, 1),
  (440304, 'o3', 'unit', '小学', '', 'active', '440304001001', '440304001001', '440304/440304001/440304001001/', '', '', '', '', 22.5, 114.05, 0, 1761900000000, 1),
  (440304, 'o4', 'unit', '医院', '', 'active', '440304001001', '440304001001', '440304/440304001/440304001001/', '', '', '', '', NULL, NULL, 0, 1761900000000, 2),
  (440304, 'o5', 'unit', '旧厂', '', 'dissolved', '440304001001', '440304001001', '440304/440304001/440304001001/', '', '', '', '', NULL, NULL, 0, 1761900000000, 3),
  (440304, 'o6', 'unit', '街道医院', '', 'active', '', '440304001', '440304/440304001/', '', '', '', '', NULL, NULL, 0, 1761900000000, 1);

INSERT INTO place_count (district, metric, community, n)
VALUES
  (440304, 'teams', '440304001001', 1),
  (440304, 'orgs', '440304001001', 3),
  (440304, 'order_late', '440304001001', 1),
  (440304, 'order_state/requested', '440304001001', 1),
  (440304, 'order_state/dispatched', '440304001001', 1),
  (440304, 'order_state/evaluated', '440304001001', 1),
  (440304, 'orders/2025-10', '440304001001', 1),
  (440304, 'orders/2025-11', '440304001001', 2),
  (440304, 'orders_done/2025-11', '440304001001', 1),
  (440304, 'orders_in_time/2025-11', '440304001001', 1),
  (440304, 'orders_too_late/2025-10', '440304001001', 1);
