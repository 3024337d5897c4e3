package category

import (
	"math"
	"slices"
	"time"
)

// Bounds of what is suggested.
const (
	sure      = 6.0  // below this the second reading, by sound, is tried
	heard     = 2.0  // below this nothing was said
	beside    = 0.25 // of the best one's worth, to be shown beside it
	most      = 5    // services shown
	halfScore = 6.0  // the worth that scores 50
)

// Suggestion is what a sentence is taken to mean, for the person to confirm.
type Suggestion struct {
	Title    string // "上门理发"; that of Fallback when nothing was understood
	Services []Choice
	Urgency  Urgency
	Advice   string // what to do first in an emergency; else empty
	Window   Window // zero when no time was said
	Flexible bool   // any time will do
	People   int    // helpers needed: as said, or as usual for the service
	For      Relation
	Risks    []Risk // of the best service and of the sentence, the gravest first
}

// Choice is one service with its reasons.
type Choice struct {
	Service Service
	Score   int      // 1 to 99; grows with the evidence, comparable within one sentence
	Words   []string // as heard, the weightiest first
}

// Best is the first service, or Fallback when nothing was understood.
func (s Suggestion) Best() Service {
	if len(s.Services) > 0 {
		return s.Services[0].Service
	}
	other, _ := ByID(Fallback)
	return other
}

// ToStation tells whether a worker of the station has to see the order before
// volunteers do.
func (s Suggestion) ToStation() bool {
	return slices.ContainsFunc(s.Risks, Risk.ToStation)
}

// Suggest reads one sentence as it was typed or dictated. The same text at the
// same time always gives the same answer; times are days of China's zone. Only
// about the first 500 characters count, whatever the length.
func Suggest(text string, now time.Time) Suggestion {
	s := hear(text)
	rd := firstReading(s)
	when := readWhen(s, now)
	out := Suggestion{
		Services: choices(rankServices(s, rd)),
		Window:   when.window,
		Flexible: when.flexible,
		People:   readPeople(s),
		For:      rd.relation(),
	}
	out.Urgency, out.Advice = rd.urgency()
	best := out.Best()
	out.Title = best.Title
	out.Risks = merge(best.Risks, rd.risks())
	if out.People == 0 {
		out.People = best.People
	}
	return out
}

func firstReading(s sentence) *reading {
	lex := loadLexicon()
	return read(s, lex, lex.words, s.r)
}

// rankServices orders the services by what was heard. A sentence in which
// nothing is sure is read again by sound; the better of both counts.
func rankServices(s sentence, rd *reading) []total {
	first := rd.sum('s', rd.service)
	if len(first) > 0 && first[0].worth >= sure {
		return first
	}
	again := read(s, rd.lex, rd.lex.folded, rd.lex.fold(s.r))
	second := again.sum('s', func(m match) float64 { return soundFactor * again.service(m) })
	if len(second) > 0 && (len(first) == 0 || second[0].worth > first[0].worth) {
		return second
	}
	return first
}

// choices keeps what is worth showing.
func choices(totals []total) []Choice {
	var out []Choice
	for _, t := range totals {
		if t.worth < heard || t.worth < beside*totals[0].worth || len(out) == most {
			break
		}
		service, ok := ByID(t.key)
		if !ok {
			continue
		}
		out = append(out, Choice{Service: service, Score: score(t.worth), Words: t.words})
	}
	return out
}

// score brings a worth to 1 … 99.
func score(worth float64) int {
	return min(max(int(math.Round(100*worth/(worth+halfScore))), 1), 99)
}

// risks are those that the words themselves bring.
func (rd *reading) risks() []Risk {
	var out []Risk
	for _, t := range rd.sum('?', rd.mention) {
		out = append(out, Risk(t.key))
	}
	return out
}

// mention counts whatever is named and not denied.
func (rd *reading) mention(m match) float64 {
	if rd.denied(m.start()) {
		return 0
	}
	return 1
}
