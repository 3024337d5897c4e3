package demo

import (
	"slices"
	"time"

	"linli/internal/core/category"
	"linli/internal/feature/volunteer"
	"linli/match"
)

// talent is a service that people can do, with how many in a thousand of those who
// serve can, and whether it takes a strong back.
type talent struct {
	service string
	often   int
	strong  bool
}

// talents are the everyday services of a neighbourhood.
func talents() []talent {
	return []talent{
		{"chat", 150, false}, {"home_visit", 90, false}, {"clean_home", 80, false}, {"patrol", 80, true}, {"sort_waste", 80, false},
		{"fetch_parcel", 75, false}, {"buy_groceries", 70, false}, {"deliver_meal", 60, false}, {"buy_medicine", 60, false},
		{"clinic_escort", 50, false}, {"move_things", 45, true}, {"phone_lesson", 45, false}, {"outing_escort", 40, false},
		{"change_bulb", 35, true}, {"repair_appliance", 30, true}, {"haircut", 28, false}, {"read_news", 28, false},
		{"fix_water", 22, true}, {"tutor", 22, false}, {"exercise_class", 20, false}, {"mediation", 18, false},
		{"mend_clothes", 16, false}, {"measure_pressure", 14, false}, {"take_photo", 14, false}, {"calligraphy", 10, false},
		{"counselling", 6, false}, {"legal_advice", 5, false},
	}
}

// helper is a resident who serves.
type helper struct {
	soul   int // index
	skills []string
	free   []volunteer.Slot
	walk   int // minutes
	limit  int // orders a week
	since  time.Time
	status volunteer.Status
}

// unasked is how many of a community came from a roster and have not agreed yet.
const unasked = 6

// enlist draws who of a community serves: the known ones, then as many adults as
// published. Where nearly everybody does, nearly everybody does.
func (p *people) enlist(seed uint64) {
	d := newDraw(seed, p.key+" volunteers")
	for i := range p.souls[:p.knownSouls] {
		if len(p.souls[i].skills) > 0 {
			p.helpers = append(p.helpers, p.knownHelper(i))
		}
	}
	grown := p.grown()
	d.Shuffle(len(grown), func(i, j int) { grown[i], grown[j] = grown[j], grown[i] })
	rare := 2*p.volunteers < len(grown)
	for len(p.helpers) < p.volunteers {
		i := grown[0]
		grown = grown[1:]
		if age := p.souls[i].age(); rare && (age < 50 || age > 76) && d.chance(0.6) {
			continue // mostly those who have just retired
		}
		p.helpers = append(p.helpers, p.helper(i, d))
	}
	for _, i := range grown[:min(unasked, len(grown))] {
		h := p.helper(i, d)
		h.status = volunteer.Pending
		p.helpers = append(p.helpers, h)
	}
}

// grown are the adults who are not known and still walk to a neighbour.
func (p *people) grown() (out []int) {
	for i := p.knownSouls; i < len(p.souls); i++ {
		if age := p.souls[i].age(); age >= 18 && age <= 90 {
			out = append(out, i)
		}
	}
	return out
}

// knownHelper is free all week: the demo is shown by asking them.
func (p *people) knownHelper(i int) helper {
	h := helper{soul: i, skills: p.souls[i].skills, walk: 25, limit: 6, since: registered.AddDate(-3, i%11, 0), status: volunteer.Active}
	for _, day := range volunteer.Weekdays() {
		parts := volunteer.Parts()
		h.free = append(h.free, volunteer.Slot{Weekday: day, From: parts[0].From, To: parts[1].To})
	}
	return h
}

func (p *people) helper(i int, d draw) helper {
	age := p.souls[i].age()
	h := helper{
		soul: i, walk: pick(d, []int{5, 10, 10, 15, 15, 15, 20, 30}), limit: pick(d, []int{0, 1, 2, 2, 3, 4, 5}),
		since: registered.AddDate(0, -d.between(1, 90), -d.IntN(28)), status: volunteer.Active,
		skills: drawSkills(d, age), free: drawFree(d, age),
	}
	if d.chance(0.03) {
		h.status = volunteer.Paused
	}
	return h
}

func drawSkills(d draw, age int) []string {
	all := talents()
	weights := make([]int, len(all))
	for i, t := range all {
		if weights[i] = t.often; t.strong && age > 70 {
			weights[i] = t.often / 8
		}
	}
	var out []string
	for range pick(d, []int{1, 1, 2, 2, 2, 3, 3, 4}) {
		if s := all[d.weighted(weights)].service; !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	slices.SortFunc(out, func(a, b string) int { return int(code(a)) - int(code(b)) })
	return out
}

func code(service string) uint32 {
	s, _ := category.ByID(service)
	return s.Code
}

// drawFree gives the retired their mornings and afternoons and those who work
// their evenings and weekends; some have not said.
func drawFree(d draw, age int) []volunteer.Slot {
	if d.chance(0.08) {
		return nil
	}
	parts, days := volunteer.Parts(), volunteer.Weekdays()
	var out []volunteer.Slot
	for i, day := range days {
		part, chance := d.IntN(2), 0.55
		if age < 56 && i < 5 {
			part, chance = 2, 0.3
		}
		if d.chance(chance) {
			out = append(out, volunteer.Slot{Weekday: day, From: parts[part].From, To: parts[part].To})
		}
	}
	return out
}

// volunteer is the helper as a row, but for the number.
func (p *people) volunteer(h helper) volunteer.Volunteer {
	s := &p.souls[h.soul]
	at := &p.houses[p.homes[s.home].house]
	return volunteer.Volunteer{
		ID: s.id, Status: h.status, Community: p.id, Place: at.id, PlacePath: at.path, Name: s.name,
		At: &match.Point{Lat: at.at.Lat, Lng: at.at.Lng}, WalkMinutes: h.walk, LimitWeek: h.limit,
		Origin: volunteer.FromStation, RegisteredAt: h.since, Version: 1, Skills: h.skills, Free: h.free,
	}
}
