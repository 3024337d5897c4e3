package dispatch

import (
	"cmp"
	"slices"
	"time"

	"linli/internal/feature/plan"
	"linli/match"
)

// Draft is what is proposed for a place.
type Draft struct {
	District int
	ID       string
	Place    string
	State    State
	Version  int64
	MadeBy   string // empty: the night's work
	MadeAt   time.Time
	SolvedAt time.Time
	EndedBy  string
	EndedAt  time.Time
	Choices  []Choice // by order and volunteer
	Body
}

// State is where a draft stands.
type State string

const (
	Open      State = "open"
	Confirmed State = "confirmed"
	Dismissed State = "dismissed"
)

// Choice is what the worker has decided about one pair.
type Choice struct {
	Order, Volunteer string    // or a team
	Keep             bool      // they go there; else they do not
	From, To         time.Time // of what is kept; zero when it had no time
}

// Body is the answer as it is stored; people and orders stand in it by their ids.
type Body struct {
	Prints    map[string]string `json:"prints"` // of each order, as it was seen
	Visits    []Visit           `json:"visits"`
	Left      []Left            `json:"left"`
	Missing   []Missing         `json:"missing"`
	Plan      plan.Sums         `json:"plan"`
	FirstCome plan.Sums         `json:"first_come"`
	Forgotten []string          `json:"forgotten"` // some volunteers whom nobody has asked for a month
	Unasked   int               `json:"unasked"`   // how many these are in all
	Unchecked int               `json:"unchecked"` // orders that have to be verified before
	Beyond    int               `json:"beyond"`    // orders that wait for the next draft

	Sent    []string  `json:"sent,omitempty"` // orders, when confirmed
	Skipped []Skipped `json:"skipped,omitempty"`
}

// Visit is one volunteer, or one team, at one order.
type Visit struct {
	Order     string     `json:"order"`
	Kind      match.Kind `json:"kind"`
	Volunteer string     `json:"volunteer"`     // or the team
	People    int        `json:"people"`        // who come
	From      time.Time  `json:"from,omitzero"` // zero: to be agreed
	To        time.Time  `json:"to,omitzero"`
	Minutes   int        `json:"minutes"` // on foot, −1 unknown
	Times     int        `json:"times"`   // served with the skill before
	Met       int        `json:"met"`     // served the same person before
	Load      int        `json:"load"`    // which order of their week it is, from 1
	Limit     int        `json:"limit"`   // orders a week that they set; 0: none
	Unsaid    bool       `json:"unsaid"`  // has not said when they are free
	Kept      bool       `json:"kept"`
	Forgotten bool       `json:"forgotten"` // nobody has asked them for a month
}

// key names who comes.
func (v Visit) key() match.Key { return match.Key{Kind: v.Kind, ID: v.Volunteer} }

// past says that a visit should have begun.
func (v Visit) past(now time.Time) bool { return !v.From.IsZero() && !v.From.After(now) }

// Left is an order for which people are missing.
type Left struct {
	Order  string `json:"order"`
	People int    `json:"people"`
	Kept   string `json:"kept,omitempty"` // who was to go there and cannot
	plan.Why
}

// Missing is a kind of people who are missing.
type Missing struct {
	Category string `json:"category"`
	Place    string `json:"place"` // community
	Part     string `json:"part"`  // of the week, a message id
	People   int    `json:"people"`
	More     int    `json:"more"`  // orders that one more volunteer could take
	Saves    int    `json:"saves"` // points that one more visit would save
}

// Skipped is an order that was not sent, and why.
type Skipped struct {
	Order string `json:"order"`
	Why   string `json:"why"` // message id
}

// choice finds what was decided about a pair.
func (d *Draft) choice(order, volunteer string) (Choice, bool) {
	i := slices.IndexFunc(d.Choices, func(c Choice) bool { return c.Order == order && c.Volunteer == volunteer })
	if i < 0 {
		return Choice{}, false
	}
	return d.Choices[i], true
}

// visit finds who is proposed.
func (b *Body) visit(order, volunteer string) (Visit, bool) {
	i := slices.IndexFunc(b.Visits, func(v Visit) bool { return v.Order == order && v.Volunteer == volunteer })
	if i < 0 {
		return Visit{}, false
	}
	return b.Visits[i], true
}

// orders lists the orders for which somebody is proposed, each once, by id.
func (b *Body) orders() (ids []string) {
	for _, v := range b.Visits {
		ids = append(ids, v.Order)
	}
	return once(ids)
}

// helpers lists whom the proposals name, each once, by kind and id.
func (b *Body) helpers() (keys []match.Key) {
	for _, v := range b.Visits {
		keys = append(keys, v.key())
	}
	slices.SortFunc(keys, func(a, b match.Key) int { return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID)) })
	return slices.Compact(keys)
}

// once is the ids, each once, in order; those that are empty name nobody.
func once(ids []string) []string {
	slices.Sort(ids)
	ids = slices.Compact(ids)
	return slices.DeleteFunc(ids, func(id string) bool { return id == "" })
}

// with is the choices after one more: it replaces what was said of the pair before, and
// who is kept beyond the room of the order gives way.
func with(choices []Choice, c Choice, room int) []Choice {
	out := without(choices, c.Order, c.Volunteer)
	if c.Keep {
		kept := 0
		for i := len(out) - 1; i >= 0; i-- {
			if out[i].Order == c.Order && out[i].Keep {
				if kept++; kept >= room {
					out = slices.Delete(out, i, i+1)
				}
			}
		}
	}
	out = append(out, c)
	slices.SortFunc(out, Choice.compare)
	return out
}

// without is the choices with nothing said of a pair.
func without(choices []Choice, order, volunteer string) []Choice {
	return slices.DeleteFunc(slices.Clone(choices), func(c Choice) bool { return c.Order == order && c.Volunteer == volunteer })
}
