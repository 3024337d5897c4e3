package person

import (
	"context"
	"slices"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/event"
	"linli/internal/core/identity"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

// Purpose is one use of somebody's data that is agreed to by itself (PIPL,
// articles 14, 25, 29; domain.md 1.15).
type Purpose string

// The purposes.
const (
	Contact       Purpose = "contact"
	ServiceRecord Purpose = "service_record"
	Volunteering  Purpose = "volunteering"
	Location      Purpose = "location"
	Photo         Purpose = "photo"
	Publish       Purpose = "publish"
)

// Enum lists the values for the decoder of requests.
func (p Purpose) Enum() []string {
	var all []string
	for _, t := range Terms() {
		all = append(all, string(t.Purpose))
	}
	return all
}

// Term is what somebody agrees to: what for, which data, for how long, and that
// it can be taken back (PIPL, article 17). A changed text gets a new version and
// is asked for again.
type Term struct {
	Purpose Purpose
	Version string // day of the text
	Label   string // message ids
	Text    string
}

// Terms lists the texts in force, in the order of the page.
func Terms() []Term {
	return []Term{
		{Contact, "2026-01-01", "打电话联系您", "服务站用您的电话和住址联系您、派人上门。用到您不再找我们帮忙为止。"},
		{ServiceRecord, "2026-01-01", "记下服务", "每次服务的时间、内容和评价都记在册上，按规定至少存十年。"},
		{Volunteering, "2026-01-01", "登记为志愿者", "您的技能、空闲时间和联系方式只用来给您派合适的单子。退出后不再派单。"},
		{Location, "2026-01-01", "签到时用定位", "只在您按签到、签退的那一刻取一次位置，只留下离约定地点多远。"},
		{Photo, "2026-01-01", "拍照", "点单和服务时拍的照片只给办这一单的人看，办结一年后删掉。"},
		{Publish, "2026-01-01", "公开表扬", "您的姓名和服务事迹可以写进表扬和公示。随时可以撤回，撤回后不再公开。"},
	}
}

// TermOf is the text in force for a purpose.
func TermOf(p Purpose) (Term, bool) {
	for _, t := range Terms() {
		if t.Purpose == p {
			return t, true
		}
	}
	return Term{}, false
}

// Consent is one agreement; taking it back ends it and deletes nothing.
type Consent struct {
	ID          string
	Purpose     Purpose
	Version     string
	GivenBy     string // person id, or the name of a guardian whom nobody registered
	GivenAt     time.Time
	WithdrawnAt time.Time // zero while it holds
}

// guarded is the age below which a guardian has to agree (PIPL, article 31).
const guarded = 14

// Give notes that p agrees to a purpose. by is who agreed: the person, or a
// guardian. Agreeing again to the same text changes nothing.
func Give(tx *db.Tx, who access.Who, p Person, purpose Purpose, by string) error {
	term, known := TermOf(purpose)
	if !known {
		return fault.Invalid("purpose", "没有“%s”这一项同意。", string(purpose))
	}
	by, err := identity.Line("by", by, identity.MaxName)
	if err != nil {
		return err
	}
	if age, known := p.Age(calendar.DayOf(tx.Now())); known && age < guarded && (by == "" || by == p.ID) {
		return fault.Invalid("by", "不满 %d 岁，要由监护人来同意。请写上监护人的姓名。", guarded)
	}
	held, err := agreed(tx, p.District, p.ID, purpose)
	if err != nil || held == term.Version {
		return err
	}
	if by == "" {
		by = p.ID
	}
	_, err = tx.Exec(`INSERT INTO consent (district, id, person, purpose, text_version, given_by, given_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		p.District, tx.NewID(), p.ID, string(purpose), term.Version, by, tx.Now().UnixMilli())
	note(tx, who, p, "consent.give", event.Data{"purpose": string(purpose), "version": term.Version})
	return err
}

// Withdraw takes an agreement back from now on; without one it does nothing.
func Withdraw(tx *db.Tx, who access.Who, p Person, purpose Purpose) error {
	n, err := tx.Exec(`UPDATE consent SET withdrawn_at = $4
		WHERE district = $1 AND person = $2 AND purpose = $3 AND withdrawn_at IS NULL`,
		p.District, p.ID, string(purpose), tx.Now().UnixMilli())
	if err == nil && n > 0 {
		note(tx, who, p, "consent.withdraw", event.Data{"purpose": string(purpose)})
	}
	return err
}

// ConsentView is one purpose and whether a person agrees to it.
type ConsentView struct {
	Purpose     Purpose    `json:"purpose" doc:"为了什么"`
	Label       string     `json:"label" doc:"为了什么，中文"`
	Agreed      bool       `json:"agreed" doc:"现在同意"`
	Version     string     `json:"version,omitempty" doc:"同意的是哪一版说明"`
	GivenBy     string     `json:"given_by,omitempty" doc:"谁同意的：本人编号，或监护人"`
	GivenAt     *time.Time `json:"given_at,omitempty" doc:"什么时候同意的"`
	WithdrawnAt *time.Time `json:"withdrawn_at,omitempty" doc:"什么时候撤回的"`
}

// Consents gives every purpose with the newest that a person said to it.
func (s *Service) Consents(ctx context.Context, who access.Who, id string) (out []ConsentView, err error) {
	err = s.Read(ctx, who, id, func(tx *db.Tx, p Person) error {
		out, err = consentViews(tx, p)
		return err
	})
	return out, err
}

func consentViews(tx *db.Tx, p Person) ([]ConsentView, error) {
	said, err := Consents(tx, p.District, p.ID)
	if err != nil {
		return nil, err
	}
	var out []ConsentView
	for _, term := range Terms() {
		v := ConsentView{Purpose: term.Purpose, Label: term.Label}
		if i := slices.IndexFunc(said, func(c Consent) bool { return c.Purpose == term.Purpose }); i >= 0 {
			v.say(said[i])
		}
		out = append(out, v)
	}
	return out, nil
}

func (v *ConsentView) say(c Consent) {
	v.Agreed, v.Version, v.GivenBy = c.WithdrawnAt.IsZero(), c.Version, c.GivenBy
	given, withdrawn := c.GivenAt.In(calendar.Zone()), c.WithdrawnAt.In(calendar.Zone())
	v.GivenAt = &given
	if !v.Agreed {
		v.WithdrawnAt = &withdrawn
	}
}

// Give notes that a person agrees to a purpose; see the function Give.
func (s *Service) Give(ctx context.Context, who access.Who, id string, purpose Purpose, by string) (ConsentView, error) {
	return s.consent(ctx, who, id, purpose, func(tx *db.Tx, p Person) error { return Give(tx, who, p, purpose, by) })
}

// Withdraw takes an agreement of a person back.
func (s *Service) Withdraw(ctx context.Context, who access.Who, id string, purpose Purpose) (ConsentView, error) {
	return s.consent(ctx, who, id, purpose, func(tx *db.Tx, p Person) error { return Withdraw(tx, who, p, purpose) })
}

func (s *Service) consent(ctx context.Context, who access.Who, id string, purpose Purpose, do func(*db.Tx, Person) error) (ConsentView, error) {
	return db.Returning(ctx, s.db, func(tx *db.Tx) (ConsentView, error) {
		p, err := seekFor(tx, who, id, access.PersonWrite)
		if err != nil {
			return ConsentView{}, err
		}
		if err := do(tx, p); err != nil {
			return ConsentView{}, err
		}
		all, err := consentViews(tx, p)
		for _, v := range all {
			if v.Purpose == purpose {
				return v, err
			}
		}
		return ConsentView{}, err
	})
}

// Consented says whether a person agrees to a purpose now, to the text in force
// or an older one.
func Consented(tx *db.Tx, district int, person string, purpose Purpose) (bool, error) {
	version, err := agreed(tx, district, person, purpose)
	return version != "", err
}

// agreed is the newest version of the text that is agreed to; empty for none.
func agreed(tx *db.Tx, district int, person string, purpose Purpose) (version string, err error) {
	_, err = tx.Get(`SELECT text_version FROM consent
		WHERE district = $1 AND person = $2 AND purpose = $3 AND withdrawn_at IS NULL
		ORDER BY given_at DESC, id DESC LIMIT 1`, []any{district, person, string(purpose)}, &version)
	return version, err
}

// Consents lists what a person ever agreed to, newest first.
func Consents(tx *db.Tx, district int, person string) ([]Consent, error) {
	return db.All(tx, scanConsent, `SELECT id, purpose, text_version, given_by, given_at, withdrawn_at FROM consent
		WHERE district = $1 AND person = $2 ORDER BY given_at DESC, id DESC`, district, person)
}

func scanConsent(s db.Scanner) (c Consent, err error) {
	var given int64
	var withdrawn *int64
	err = s.Scan(&c.ID, &c.Purpose, &c.Version, &c.GivenBy, &given, &withdrawn)
	c.GivenAt = time.UnixMilli(given).UTC()
	c.WithdrawnAt = db.Moment(withdrawn)
	return c, err
}
