package rule

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

// Name names a rule.
type Name string

// The rules, with their units in the name.
const (
	AnswerWorkdays   Name = "answer_workdays"   // a request is dispatched within
	AcceptHours      Name = "accept_hours"      // an offer lapses after
	FinishWorkdays   Name = "finish_workdays"   // an accepted order is finished within
	StreetWorkdays   Name = "street_workdays"   // a late order is reported to the street after
	EvaluateWorkdays Name = "evaluate_workdays" // all sides have spoken within, or it closes
	RadiusMetres     Name = "radius_metres"     // a position counts as there within
	VisitCapMinutes  Name = "visit_cap_minutes" // most that one visit can count
	ForgotMinutes    Name = "forgot_minutes"    // a visit open for longer has a forgotten check-out
	PointsPerHour    Name = "points_per_hour"
	FirstVerify      Name = "verify_first_order" // 1: a person's first order is verified by the station
	RiskVerify       Name = "verify_risk"        // 1: orders with a risk, money or minors are verified
	WaveSize         Name = "wave_size"          // people asked at once by the automatic dispatch
	WavesMost        Name = "waves_most"         // waves before it goes back to the worker
	AutoDispatch     Name = "auto_dispatch"      // 1: lapsed offers go on to the next wave by themselves

	RecordWorkdays  Name = "record_workdays"    // a service is in the record within (令67, article 11)
	RedWorkdays     Name = "red_workdays"       // from which working day on it stands on the red list
	NoticeWorkdays  Name = "notice_workdays"    // a row is in public notice before it counts
	AnswerObjection Name = "objection_workdays" // an objection to a row is answered within
	SpotPercent     Name = "spot_percent"       // of a month's rows that the spot check draws
)

// The rules of what is looked into (domain.md, section 5).
const (
	DayMinutes       Name = "day_minutes"        // more in one day: a second look by the unit
	DayMinutesStreet Name = "day_minutes_street" // more in one day: a look by the street
	SpeedKmh         Name = "speed_kmh"          // nobody gets from one site to the next faster
	DevicePeople     Name = "device_people"      // people of one day who check in by one phone
	BulkEntries      Name = "bulk_entries"       // services that one person enters by hand within an hour
	JumpPercent      Name = "jump_percent"       // of a team's usual week
	JumpHours        Name = "jump_hours"         // below which a team's week is not looked at
)

// The rules of points. They hold by the day on which something was done.
const (
	PointsPerItem     Name = "points_per_item"
	PointsDayCap      Name = "points_day_cap"      // most that one person earns for one day; 0: no cap
	PointsActivityCap Name = "points_activity_cap" // most that one person earns in one activity; 0: no cap
	PointsGate        Name = "points_gate"         // earned in a year before stars and exchange open
	PointsMonths      Name = "points_months"       // unused points lapse after; 0: never

	GiftHousehold Name = "gift_household" // 1: points may be given inside a household
	GiftElder     Name = "gift_elder"     // 1: points may be given to an elder who named the giver
	GiftElderAge  Name = "gift_elder_age" // from how many years on somebody is an elder
	GiftMonthCap  Name = "gift_month_cap" // most that one person gives in a month
	GiftGetYear   Name = "gift_get_year"  // most that one person is given in a year

	CouponDays   Name = "coupon_days"   // a coupon can be used for
	CouponGrace  Name = "coupon_grace"  // days after its last one before an unused coupon gives its points back
	CouponsOpen  Name = "coupons_open"  // most unused coupons of one person
	CouponBearer Name = "coupon_bearer" // who bears a coupon that was used twice: 1 the place, 2 the merchant
)

// The rules of certificates.
const (
	CertificateSelf   Name = "certificate_self"        // 1: volunteers get theirs at once
	CertificateTwo    Name = "certificate_two"         // 1: who accepts does not issue
	CertificateNotice Name = "certificate_notice_days" // a certificate is announced for
)

// Rule describes one rule.
type Rule struct {
	Name     Name
	Label    string // on the page; id of its translation
	Default  int64
	Min, Max int64 // what a place may set
}

// All lists the rules; defaults are those of domain.md, section 6.
func All() []Rule {
	return []Rule{
		{AnswerWorkdays, "几个工作日内要有回音", 1, 1, 20},
		{AcceptHours, "派出去几小时没人应就换人", 24, 1, 168},
		{FinishWorkdays, "几个工作日内要办完", 5, 1, 60},
		{StreetWorkdays, "超时后几个工作日还没办，报街道", 1, 1, 20},
		{EvaluateWorkdays, "几个工作日内评完，过期自动办结", 5, 1, 30},
		{RadiusMetres, "离约定地点几米内算到了", 300, 50, 1500},
		{VisitCapMinutes, "一次最多记几分钟", 480, 30, 720},
		{ForgotMinutes, "签到后几分钟没签退，算忘了签退", 240, 30, 720},
		{PointsPerHour, "服务一小时记几分", 2, 0, 20},
		{FirstVerify, "第一次点单要不要先核实（1 要，0 不要）", 1, 0, 1},
		{RiskVerify, "有风险、涉及钱或孩子的单要不要先核实（1 要，0 不要）", 1, 0, 1},
		{WaveSize, "一次同时问几个人", 3, 1, 20},
		{WavesMost, "问几轮还没人应就交回站里", 3, 1, 10},
		{AutoDispatch, "没人应时自动问下一轮（1 是，0 否）", 1, 0, 1},

		{PointsPerItem, "捐一件东西记几分", 2, 0, 50},
		{PointsDayCap, "一个人一天最多记几分（0 不封顶）", 0, 0, 1000},
		{PointsActivityCap, "一个人在一次活动里最多记几分（0 不封顶）", 0, 0, 1000},
		{PointsGate, "一年挣满几分才能评星级、兑换", 30, 0, 1000},
		{PointsMonths, "积分放几个月没用就过期（0 不过期）", 0, 0, 120},
		{GiftHousehold, "积分能不能送给同一户的家人（1 能，0 不能）", 0, 0, 1},
		{GiftElder, "积分能不能送给自己照看的老人（1 能，0 不能）", 0, 0, 1},
		{GiftElderAge, "满几岁算老人", 60, 50, 90},
		{GiftMonthCap, "一个人一个月最多送出几分", 20, 1, 1000},
		{GiftGetYear, "一个人一年最多收到几分", 300, 1, 10000},
		{CouponDays, "券几天内有效", 30, 1, 365},
		{CouponGrace, "券过期几天后没用就退分（等离线的商户把核销传上来）", 3, 1, 30},
		{CouponsOpen, "一个人手里最多几张没用的券", 5, 1, 50},
		{CouponBearer, "一张券用了两次，第二次谁担（1 社区，2 商户）", 1, 1, 2},

		{RecordWorkdays, "服务后几个工作日内要记进记录", 10, 1, 60},
		{RedWorkdays, "服务后第几个工作日起还没记就标红", 7, 1, 60},
		{NoticeWorkdays, "服务记录先公示几个工作日再算数", 3, 1, 30},
		{AnswerObjection, "对记录的异议几个工作日内要答复", 10, 1, 30},
		{SpotPercent, "每个月抽查百分之几的记录", 5, 5, 100},

		{DayMinutes, "一个人一天超过几分钟，单位再看一遍", 480, 60, 1440},
		{DayMinutesStreet, "一个人一天超过几分钟，街道来看", 720, 60, 1440},
		{SpeedKmh, "前后两处离得太远：一小时走几公里以上算不可能", 60, 5, 300},
		{DevicePeople, "同一天几个人用同一部手机签到就要看", 3, 2, 100},
		{BulkEntries, "一个人一小时补录几条就要看", 10, 2, 500},
		{JumpPercent, "队伍一周的时间到平时的百分之几就要看", 300, 110, 5000},
		{JumpHours, "队伍一周不到几小时就不看", 20, 1, 1000},

		{CertificateSelf, "志愿者可以自己当场开服务证明（1 可以，0 要站里办）", 1, 0, 1},
		{CertificateTwo, "受理和开具服务证明要不要两个人（1 要，0 不要）", 0, 0, 1},
		{CertificateNotice, "服务证明开出后公示几天", 7, 1, 60},
	}
}

// Find gives the description of a rule.
func Find(name Name) (Rule, bool) {
	for _, r := range All() {
		if r.Name == name {
			return r, true
		}
	}
	return Rule{}, false
}

// Value is what holds at a place at the transaction's moment: the newest version
// of the nearest place on its path that has one, else the default.
func Value(tx *db.Tx, district int, path string, name Name) (int64, error) {
	return ValueAt(tx, district, path, name, tx.Now())
}

// ValueAt is what held, or will hold, at a place at some moment.
func ValueAt(tx *db.Tx, district int, path string, name Name, at time.Time) (int64, error) {
	r, known := Find(name)
	if !known {
		return 0, fmt.Errorf("rule: there is no %q", name)
	}
	set, err := inForce(tx, district, at.UnixMilli())
	if err != nil {
		return 0, err
	}
	places := strings.Split(strings.Trim(path, "/"), "/")
	for _, place := range slices.Backward(places) {
		if v, ok := set.values[key{place, name}]; ok {
			return v, nil
		}
	}
	return r.Default, nil
}

// key is one rule of one place.
type key struct {
	place string
	name  Name
}

// settings are the versions in force in a district at a moment. They are read once
// in a transaction.
type settings struct{ values map[key]int64 }

type settingsKey struct {
	district int
	at       int64
}

func inForce(tx *db.Tx, district int, at int64) (*settings, error) {
	s := remembered(tx, district, at)
	if s.values != nil {
		return s, nil
	}
	versions, err := db.All(tx, scanVersion, `SELECT name, place, since, value FROM place_rule
		WHERE district = $1 AND since <= $2 ORDER BY since`, district, at)
	if err != nil {
		return nil, err
	}
	s.values = map[key]int64{}
	for _, v := range versions {
		s.values[key{v.Place, v.Name}] = v.Value
	}
	return s, nil
}

func remembered(tx *db.Tx, district int, at int64) *settings {
	return db.Value(tx, settingsKey{district, at}, func() *settings { return &settings{} })
}

// Set adds a version that holds from since on; since must not lie in the past,
// because what was judged stays judged.
func Set(tx *db.Tx, district int, place string, name Name, value int64, since time.Time, by string) error {
	r, ok := Find(name)
	if !ok {
		return fault.Invalid("name", "没有“%s”这条规矩。", string(name))
	}
	if value < r.Min || value > r.Max {
		return fault.Invalid("value", "“%s”要在 %d 到 %d 之间。", r.Label, r.Min, r.Max)
	}
	if since.Before(tx.Now()) {
		return fault.Invalid("since", "规矩只能从现在往后改，不能改过去的。")
	}
	_, err := tx.Exec(`INSERT INTO place_rule (district, place, name, since, value, set_by)
		VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (district, place, name, since) DO UPDATE SET value = excluded.value, set_by = excluded.set_by`,
		district, place, string(name), since.UnixMilli(), value, by)
	remembered(tx, district, tx.Now().UnixMilli()).values = nil
	return err
}

// Version is one setting of a rule by a place.
type Version struct {
	Name  Name
	Place string
	Since time.Time
	Value int64
}

// Versions lists what places of a district ever set, newest first, with what has
// still to come.
func Versions(tx *db.Tx, district int, places []string) ([]Version, error) {
	args := []any{district}
	for _, place := range places {
		args = append(args, place)
	}
	return db.All(tx, scanVersion, `SELECT name, place, since, value FROM place_rule
		WHERE district = $1 AND place IN (`+db.Places(2, len(places))+`) ORDER BY since DESC, place`, args...)
}

func scanVersion(s db.Scanner) (v Version, err error) {
	var since int64
	err = s.Scan(&v.Name, &v.Place, &since, &v.Value)
	v.Since = time.UnixMilli(since).UTC()
	return v, err
}

// Used says whether any place of a district has ever set a rule, so that work which
// only concerns such places can be left alone.
func Used(tx *db.Tx, district int, name Name) (used bool, err error) {
	var n int64
	_, err = tx.Get(`SELECT count(*) FROM place_rule WHERE district = $1 AND name = $2`, []any{district, string(name)}, &n)
	return n > 0, err
}
