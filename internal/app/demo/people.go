package demo

import (
	"fmt"
	"slices"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/identity"
	"linli/internal/core/place"
	"linli/internal/kit/id"
)

// counted is the day on which ages are drawn; registered is when the communities
// put their residents on file.
var (
	counted    = calendar.Day{Year: 2026, Month: time.January, Day: 1}
	registered = time.Date(2024, time.March, 4, 1, 0, 0, 0, time.UTC)
)

// home is a household behind its door.
type home struct {
	id    string
	house int // index
	door  string
	alone bool // one elder only
}

// soul is one resident.
type soul struct {
	id, name string
	sex      identity.Sex
	birth    calendar.Day
	home     int // index
	phone    string
	document string // ID number; most are not on file
	note     string
	skills   []string // of the known ones
}

func (p *soul) age() int { return p.birth.YearsAt(counted) }

// people are the residents of a community, the known ones first.
type people struct {
	*ground
	worker  access.Who // of the station
	homes   []home
	souls   []soul
	helpers []helper
	teams   []squad

	knownSouls int // how many stand in front because the demo is shown by them

	draw  draw
	names names
}

// settle fills the houses: exactly as many households and residents as published.
func settle(g *ground, seed uint64, known []family) *people {
	p := &people{ground: g, draw: newDraw(seed, g.key+" people")}
	p.names = newNames(p.draw)
	for _, f := range known {
		p.moveKnown(f)
	}
	p.knownSouls = len(p.souls)
	p.letDoors(g.spec.households - len(p.homes))
	sizes := p.sizes(len(known))
	for i, size := range sizes {
		p.moveIn(len(known)+i, p.compose(size))
	}
	return p
}

// letDoors gives n households a door, house by house.
func (p *people) letDoors(n int) {
	for k := 0; n > 0; k++ {
		for h := range p.houses {
			if n > 0 && k < len(p.houses[h].doors) {
				p.homes = append(p.homes, home{id: p.serial(kindHome, len(p.homes)), house: h, door: p.houses[h].doors[k]})
				n--
			}
		}
	}
}

// sizes draws how many live in each household that is not known, so that the sum
// is right.
func (p *people) sizes(known int) []int {
	out, left := make([]int, len(p.homes)-known), p.residents-len(p.souls)
	for i := range out {
		out[i], left = 1, left-1
	}
	for left > 0 {
		i := p.draw.IntN(len(out))
		if out[i] < 5 && (out[i] < 3 || p.draw.chance(0.4)) {
			out[i]++
			left--
		}
	}
	return out
}

// member is somebody of a household before they have a name.
type member struct {
	sex  identity.Sex
	age  int
	line int // who share a surname: 0 the father's, 1 and 2 others
}

// compose draws who lives together.
func (p *people) compose(size int) []member {
	d := p.draw
	if size <= 2 && d.chance(p.old) {
		return p.elders(size)
	}
	mother := d.between(26, 50)
	if d.chance(0.4) {
		mother = d.between(51, 68)
	}
	couple := []member{{identity.Male, mother + d.between(-1, 4), 0}, {identity.Female, mother, 1}}
	child := member{p.sex(), max(2, mother-d.between(24, 32)), 0}
	second := member{p.sex(), max(2, child.age-d.between(3, 7)), 0}
	elder := member{p.sex(), min(94, mother+d.between(23, 31)), d.IntN(2)}
	if mother > 50 { // their grandchild instead
		second.age, elder.age = max(1, child.age-d.between(24, 29)), min(92, elder.age)
	}
	switch size {
	case 1:
		return []member{{p.sex(), d.between(23, 62), 0}}
	case 2:
		if d.chance(0.3) {
			return []member{couple[1], child}
		}
		return couple
	case 3:
		return append(couple, child)
	case 4:
		return append(couple, child, [2]member{second, elder}[d.IntN(2)])
	}
	return append(couple, child, second, elder)
}

// elders are those who live by themselves, mostly women when they are alone.
func (p *people) elders(size int) []member {
	age := p.draw.between(60, 74) + p.draw.IntN(2)*p.draw.between(2, 18)
	if size == 1 {
		sex := identity.Female
		if p.draw.chance(0.35) {
			sex = identity.Male
		}
		return []member{{sex, age, 0}}
	}
	return []member{{identity.Male, age + p.draw.between(-1, 4), 0}, {identity.Female, age, 1}}
}

func (p *people) sex() identity.Sex {
	return [2]identity.Sex{identity.Male, identity.Female}[p.draw.IntN(2)]
}

// moveIn gives a household's members names, birthdays and telephones.
func (p *people) moveIn(at int, members []member) {
	lines := [3]string{p.names.surname(), p.names.surname(), p.names.surname()}
	for _, m := range members {
		birth := p.born(m.age)
		p.add(soul{name: p.names.of(lines[m.line], m.sex, birth.Year), sex: m.sex, birth: birth, home: at})
	}
	p.homes[at].alone = len(members) == 1 && members[0].age >= 60
}

// born is a day of birth of somebody of an age.
func (p *people) born(age int) calendar.Day {
	return calendar.Day{Year: counted.Year - age, Month: counted.Month, Day: counted.Day}.Add(-p.draw.IntN(365))
}

func (p *people) add(s soul) int {
	n := len(p.souls)
	s.id = p.serial(kindSoul, n)
	if s.phone == "" && s.age() >= 14 {
		s.phone = p.mobile(n)
	}
	p.souls = append(p.souls, s)
	return n
}

// moveKnown gives a family of the mock-ups the door that they are known by.
func (p *people) moveKnown(f family) {
	h := slices.IndexFunc(p.houses, func(h house) bool { return h.estate == f.estate && h.no == f.no })
	house := &p.houses[h]
	house.doors = slices.DeleteFunc(house.doors, func(door string) bool { return door == f.door })
	p.homes = append(p.homes, home{id: p.serial(kindHome, len(p.homes)), house: h, door: f.door, alone: f.alone})
	for _, k := range f.members {
		p.add(soul{name: k.name, sex: k.sex, birth: p.born(k.age), home: len(p.homes) - 1, note: k.note, skills: k.skills})
	}
}

// livesAt is where a resident's house stands.
func (p *people) livesAt(soul int) place.Position {
	return p.houses[p.homes[p.souls[soul].home].house].at
}

// soulNamed is the index of a known resident.
func (p *people) soulNamed(name string) int {
	return slices.IndexFunc(p.souls[:p.knownSouls], func(s soul) bool { return s.name == name })
}

// Kinds of things that are given ids.
const (
	kindHome = iota + 1
	kindSoul
	kindOrg
	kindOfficial
	kindHelper
	kindAccount
	kindAsker
	kindStep
	kindShow
)

// serial is the id of the n-th thing of a kind in this community.
func (s spec) serial(kind, n int) string { return serial(s.id, kind, n) }

// serial makes an id of a place's code (40 bits), a kind (4) and a number (18).
func serial(code string, kind, n int) string {
	var no uint64
	for _, digit := range code {
		no = no*10 + uint64(digit-'0')
	}
	return id.At(registered, no<<22|uint64(kind)<<18|uint64(n))
}

// mobile is the number of a community's n-th resident. No number is given twice.
func (s spec) mobile(n int) string { return mobile(s.no*1_000_000 + n) }

// mobile spreads serials over the range, so that neighbours' numbers do not look
// alike. Those below 154 1000 0000 are kept for the accounts.
func mobile(serial int) string {
	const room, spread = 90_000_000, 61_803_401 // without a common factor
	return fmt.Sprintf("154%08d", 10_000_000+serial*spread%room)
}
