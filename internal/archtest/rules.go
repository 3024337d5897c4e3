package archtest

// rings order the rooms of the house; a package imports only its own ring or one
// further down this list.
var rings = []string{
	"linli/cmd/",
	"linli/internal/app",
	"linli/internal/insight",
	"linli/internal/feature/",
	"linli/internal/core/",
	"linli/internal/kit/dbtest", // migrates the databases of tests
	"linli/internal/schema",
	"linli/internal/kit/",
}

// between lists which feature may import which, and why is in the packages' doc.
var between = map[string][]string{
	"order":   {"visit", "record", "points", "org", "plan", "volunteer"},
	"record":  {"points", "org", "volunteer"},
	"closing": {"audit", "certificate", "record", "star"},
	"audit":   {"order", "visit", "record", "org"},
	"org":     {"volunteer"},
	"roster":  {"volunteer", "org"},
	"plan":    {"volunteer"},

	"dispatch": {"order", "plan", "org", "volunteer"},

	"certificate": {"record", "star", "volunteer"},

	"exchange": {"points", "org"},
	"star":     {"points", "record", "volunteer"},
}

// owners says which package may name a table in SQL. A table that is not listed
// fails the test.
var owners = map[string]string{
	"place": "core/place", "place_code": "core/place", "place_count": "core/place",
	"place_rule": "core/rule",
	"household":  "core/person", "person": "core/person", "consent": "core/person", "disclosure": "core/person",
	"account": "core/auth", "login": "core/auth", "phone_code": "core/auth", "session": "core/auth", "sign_in_failure": "core/auth",
	"role_grant": "core/auth", "proxy": "core/auth",
	"event": "core/event", "event_counter": "core/event", "event_cursor": "core/event",
	"ledger_account": "core/ledger", "ledger_posting": "core/ledger", "ledger_entry": "core/ledger", "ledger_chain": "core/ledger",
	"volunteer": "feature/volunteer", "volunteer_skill": "feature/volunteer", "volunteer_free": "feature/volunteer",
	"volunteer_serial": "feature/volunteer",
	"roster_file":      "feature/roster", "roster_remark": "feature/roster",
	"org": "feature/org", "org_service": "feature/org", "org_member": "feature/org",
	"service_order": "feature/order", "order_serial": "feature/order", "order_photo": "feature/order", "offer": "feature/order",
	"assignment": "feature/order", "evaluation": "feature/order",
	"order_call": "feature/order", "served": "feature/order",
	"visit": "feature/visit", "paper_code": "feature/visit",
	"service_record": "feature/record", "record_total": "feature/record", "record_unsealed": "feature/record",
	"record_hold": "feature/record", "objection": "feature/record", "manual_entry": "feature/record", "record_proof": "feature/record",
	"attainment": "feature/record",
	"finding":    "feature/audit", "spot_seed": "feature/audit", "spot_draw": "feature/audit", "spot_check": "feature/audit",
	"chain_day":  "feature/audit",
	"plan_draft": "feature/dispatch", "plan_choice": "feature/dispatch", "recruitment": "feature/dispatch",
	"certificate": "feature/certificate", "certificate_row": "feature/certificate", "certificate_serial": "feature/certificate",
	"certificate_batch": "feature/certificate", "certificate_unit": "feature/certificate", "issuer_key": "feature/certificate",
	"notice": "core/notify",
	"job":    "kit/job", "idempotency": "kit/web",

	"points_deed": "feature/points", "points_factor": "feature/points", "points_gift": "feature/points", "points_lapse": "feature/points",
	"star_table": "feature/star", "star_case": "feature/star", "star_objection": "feature/star",
	"honour_round": "feature/star", "honour_nominee": "feature/star", "honour_vote": "feature/star",
	"reward": "feature/exchange", "coupon": "feature/exchange", "coupon_use": "feature/exchange",
	"reward_wish": "feature/exchange", "reward_wish_vote": "feature/exchange",
	"donation": "feature/points",
}

// badNames are package names that say nothing.
var badNames = []string{"util", "utils", "common", "base", "helper", "helpers", "model", "models", "types", "manager", "misc", "lib"}

// Bounds of files and functions, outside tables and generated code.
const (
	fileLines     = 600
	functionLines = 80
)
