package e2e

import (
	"net/url"
	"path"
	"time"

	"linli/e2e/town"
	"linli/internal/core/place"
	"linli/internal/feature/audit"
	"linli/internal/feature/record"
	"linli/internal/kit/db"
)

// records are rows of the record, and what is asked and said about them: an entry by
// hand that waits, an objection, a finding, a spot check.
func (p *past) records() {
	p.spotted(monday.AddDate(0, 0, -24))
	p.Row = p.one(`SELECT id FROM service_record WHERE volunteer = $1 AND source LIKE 'visit:%'`, p.Person("韩立新").ID)
	p.Objection = path.Base(p.post("林小雨", "/objections", url.Values{"record": {p.Row}, "words": {"那天下午他在外地"}}))
	p.OwnWish = path.Base(p.post("韩立新", "/objections", url.Values{"record": {p.Row}, "words": {"多记了十分钟"}}))
	p.Entry = path.Base(p.upload("周敏", "/entries", map[string]string{
		"volunteer": p.Person("林小雨").ID, "name": "社区大扫除", "category": "clean_public", "content": "打扫楼道",
		"started_at": monday.AddDate(0, 0, -3).Format("2006-01-02T15:04"), "ended_at": monday.AddDate(0, 0, -3).Add(time.Hour).Format("2006-01-02T15:04"),
		"reason": "那天手机没电", "proof": "签到表上有她的签名",
	}, "photos", "签到表.png", picture()))
	p.enter("林小雨", monday.AddDate(0, 0, -1).Add(-2*time.Hour), 9*time.Hour)
	p.Fresh = p.one(`SELECT id FROM service_record WHERE minutes = 540 AND volunteer = $1`, p.Person("林小雨").ID)
	p.catchUp()
	p.Finding = p.one(`SELECT id FROM finding WHERE state = $1`, "open")
	p.post("周敏", "/persons/"+p.Person("韩立新").ID+"/attainments", url.Values{
		"kind": {"training"}, "name": {"急救常识"}, "minutes": {"90"}, "giver": {"街道红十字会"}, "day": {"2026-09-12"}, "proof": {"结业证复印件"},
	})
	p.Training = p.one(`SELECT id FROM attainment WHERE volunteer = $1`, p.Person("韩立新").ID)
}

// spotted enters a row of a month that is over, for which a seed stood, and draws it.
func (p *past) spotted(at time.Time) {
	p.enter("韩立新", at, time.Hour)
	month := audit.Month(at.Format("2006-01"))
	p.Write(func(tx *db.Tx) error {
		if _, err := tx.Exec(`INSERT INTO spot_seed (district, month, seed, published_at) VALUES ($1, $2, $3, $4)`,
			130104, string(month), "5eed", at.UnixMilli()); err != nil {
			return err
		}
		community, err := place.Get(tx, town.Community)
		if err != nil {
			return err
		}
		return audit.DrawTx(tx, community, month)
	})
	p.Spot = p.one(`SELECT id FROM spot_check WHERE month = $1`, string(month))
}

// enter enters a service, at its end.
func (p *past) enter(name string, from time.Time, length time.Duration) {
	p.t.Helper()
	now := p.clock.Now()
	p.clock.Set(from.Add(length))
	defer p.clock.Set(now)
	p.Write(func(tx *db.Tx) error {
		_, err := record.Enter(tx, record.Record{
			District: 130104, Source: "e2e:" + name + from.String(), Kind: record.FromOrder, PlacePath: "/", Volunteer: p.Person(name).ID, Community: town.Community,
			Number: "261109-001", Name: "理发", Category: "haircut", Place: town.Community, StartedAt: from, EndedAt: from.Add(length),
			Minutes: int(length.Minutes()), Grade: "A", Organiser: town.Community,
		})
		return err
	})
}

// one reads an id that no page tells.
func (p *past) one(query, arg string) (id string) {
	p.t.Helper()
	p.Write(func(tx *db.Tx) error {
		found, err := tx.Get(query+` ORDER BY id LIMIT 1`, []any{arg}, &id)
		if err == nil && !found {
			p.t.Errorf("nothing for %s", query)
		}
		return err
	})
	return id
}

func (p *past) recordShowings() []showing {
	han := p.Person("韩立新").ID
	return []showing{
		{route: "/me/record/print", by: "韩立新"}, {route: "/records/{id}", id: p.Row, by: "韩立新 周敏"},
		{route: "/records/{id}/correction", id: p.Row, by: "周敏"}, {route: "/records/{id}/withdrawal", id: p.Row, by: "周敏"},
		{route: "/objections/new", query: "?record=" + p.Fresh, by: "林小雨 孟桂兰"}, {route: "/objections/{id}", id: p.Objection, by: "林小雨 周敏"},
		{route: "/objections/{id}", id: p.OwnWish, by: "韩立新 周敏"},
		{route: "/entries/new", by: "周敏"}, {route: "/entries/new", query: "?volunteer=" + han, by: "周敏"},
		{route: "/entries/{id}", id: p.Entry, by: "周敏 冯志远"}, {route: "/entries/{id}/refusal", id: p.Entry, by: "冯志远"},
		{route: "/persons/{id}/attainments/new", id: han, by: "周敏"},
		{route: "/persons/{id}/attainments/{attainment}/withdrawal", id: han, part: p.Training, by: "周敏"}, {route: "/findings/{id}", id: p.Finding, by: "周敏 冯志远"},
		{route: "/checks/{id}", id: p.Spot, by: "周敏 冯志远"}, {route: "/places/{id}/closing", id: town.Community, by: "周敏 冯志远"},
		{route: "/places/{id}/notice", id: town.Community}, {route: "/places/{id}/notice", id: town.Community, by: "林小雨"},
	}
}
