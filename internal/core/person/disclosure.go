package person

import (
	"slices"
	"strings"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/event"
	"linli/internal/core/identity"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
	"linli/internal/kit/id"
)

// Ask is what somebody wants to see of a person, and why.
type Ask struct {
	Fields    []Field
	Reason    string            // the person reads it
	Order     string            // id of the order that it is for; may be empty
	Relations []access.Relation // what the asker is to the person by that order
}

const (
	reasonLeast = 2   // characters that a reason has at least
	reasonMost  = 200 // and at most
)

// check cleans the ask. One for an order explains itself.
func (a *Ask) check() error {
	var err error
	if a.Reason, err = identity.Line("reason", a.Reason, reasonMost); err != nil {
		return err
	}
	if len([]rune(a.Reason)) < reasonLeast && a.Order == "" {
		return fault.Invalid("reason", "请写明为什么要看，本人会看到这句话。")
	}
	if len(a.Fields) == 0 {
		return fault.Invalid("fields", "请选要看哪几项。")
	}
	for _, f := range a.Fields {
		if !slices.Contains(Fields(), f) {
			return fault.Invalid("fields", "没有“%s”这一项。", string(f))
		}
	}
	return nil
}

// Disclosure is one showing of what is usually masked.
type Disclosure struct {
	ID     string
	Viewer string // person id
	Name   string // of the viewer, at that time
	Role   access.Role
	Fields []Field
	Reason string
	Order  string
	At     time.Time
}

// DisclosureView is a disclosure as the person reads it over the API.
type DisclosureView struct {
	ID     string      `json:"id" doc:"编号"`
	Viewer string      `json:"viewer" doc:"谁看的，姓名"`
	Role   access.Role `json:"role" doc:"他的身份"`
	Fields []Field     `json:"fields" doc:"看了哪几项"`
	Reason string      `json:"reason,omitempty" doc:"为什么看"`
	Order  string      `json:"order,omitempty" doc:"为了哪一单"`
	At     time.Time   `json:"at" doc:"什么时候"`
}

func (d Disclosure) view() DisclosureView {
	return DisclosureView{ID: d.ID, Viewer: d.Name, Role: d.Role, Fields: d.Fields, Reason: d.Reason,
		Order: d.Order, At: d.At.In(calendar.Zone())}
}

// Disclose lets who see fields of p: it checks the permission and writes the row
// that p can read, and the event. For an order one row is written for a viewer
// and a set of fields, however often they look. To oneself nothing is disclosed.
func Disclose(tx *db.Tx, who access.Who, p Person, a Ask) error {
	if who.System || who.Person == p.ID {
		return nil
	}
	at := p.Target(who)
	at.Relations = append(at.Relations, a.Relations...)
	if err := access.Check(who, access.PersonUnmask, at); err != nil {
		return err
	}
	if err := a.check(); err != nil {
		return err
	}
	if known, err := Disclosed(tx, who, p.District, p.ID, a); err != nil || known {
		return err
	}
	fields := joinFields(a.Fields)
	_, err := tx.Exec(`INSERT INTO disclosure (district, id, person, viewer, viewer_name, viewer_role, fields, reason, order_id, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		p.District, id.New(), p.ID, who.Person, who.Name, string(roleFor(who, at)), fields, a.Reason, orNull(a.Order), tx.Now().UnixMilli())
	note(tx, who, p, "person.disclose", event.Data{"fields": fields, "order": a.Order})
	return err
}

// Disclosed says whether who has been shown these fields for the ask's order.
func Disclosed(tx *db.Tx, who access.Who, district int, person string, a Ask) (bool, error) {
	if a.Order == "" {
		return false, nil
	}
	var one int
	return tx.Get(`SELECT 1 FROM disclosure
		WHERE district = $1 AND person = $2 AND viewer = $3 AND order_id = $4 AND fields = $5`,
		[]any{district, person, who.Person, a.Order, joinFields(a.Fields)}, &one)
}

// roleFor is the role that lets who see: the first that covers the person, else
// that of a volunteer on an order.
func roleFor(who access.Who, at access.Target) access.Role {
	for _, g := range who.Grants {
		alone := access.Who{Person: who.Person, Grants: []access.Grant{g}}
		if access.May(alone, access.PersonUnmask, access.Target{District: at.District, Path: at.Path}) {
			return g.Role
		}
	}
	return access.Volunteer
}

// After is where a list of disclosures goes on.
type After struct {
	At int64  `json:"at"`
	ID string `json:"id"`
}

// disclosuresOf lists at most limit of a person's disclosures, newest first.
func disclosuresOf(tx *db.Tx, district int, person string, after After, limit int) ([]Disclosure, error) {
	return db.All(tx, scanDisclosure, `SELECT id, viewer, viewer_name, viewer_role, fields, reason, order_id, at FROM disclosure
		WHERE district = $1 AND person = $2 AND (at, id) < ($3, $4) ORDER BY at DESC, id DESC LIMIT $5`,
		district, person, after.At, after.ID, limit)
}

func scanDisclosure(s db.Scanner) (d Disclosure, err error) {
	var fields string
	var order *string
	var at int64
	err = s.Scan(&d.ID, &d.Viewer, &d.Name, &d.Role, &fields, &d.Reason, &order, &at)
	d.Fields, d.Order, d.At = splitFields(fields), text(order), time.UnixMilli(at).UTC()
	return d, err
}

// joinFields keeps each field once, in the order of the page.
func joinFields(fields []Field) string {
	var out []string
	for _, f := range Fields() {
		if slices.Contains(fields, f) {
			out = append(out, string(f))
		}
	}
	return strings.Join(out, ",")
}

func splitFields(s string) []Field {
	var out []Field
	for f := range strings.SplitSeq(s, ",") {
		out = append(out, Field(f))
	}
	return out
}
