package roster

import (
	"slices"
	"strings"

	"golang.org/x/text/width"

	"linli/internal/core/access"
	"linli/internal/core/place"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

// scope is the place that a roster is of: a community, or a street or district
// whose communities the rows name.
type scope struct {
	place  place.Place
	inside []neighbourhood
	others []place.Place // the other communities of the district
}

// neighbourhood is a community with what stands in it.
type neighbourhood struct {
	place.Place
	below []place.Place
}

// scopeOf gathers the places of a roster for which who has the permission.
func scopeOf(tx *db.Tx, who access.Who, id string, permission access.Permission) (*scope, error) {
	at, err := place.Get(tx, id)
	if err != nil {
		return nil, err
	}
	if err := access.Check(who, permission, at.Target()); err != nil {
		return nil, err
	}
	if !slices.Contains([]place.Level{place.District, place.Street, place.Community}, at.Level) || !at.Open() {
		return nil, fault.Invalid("place", "花名册要放到一个社区、街道或区县。")
	}
	s := &scope{place: at}
	all, err := place.CommunitiesUnder(tx, at.District, place.Root)
	if err != nil {
		return nil, err
	}
	for _, c := range all {
		if !c.Open() {
			continue
		}
		if !strings.HasPrefix(c.Path, at.Path) {
			s.others = append(s.others, c)
			continue
		}
		below, err := place.Below(tx, c)
		if err != nil {
			return nil, err
		}
		s.inside = append(s.inside, neighbourhood{c, below})
	}
	if len(s.inside) == 0 {
		return nil, fault.Invalid("place", "“%s”下面还没有社区，先把社区加上。", at.Name)
	}
	return s, nil
}

// spot is where somebody lives, as far as a row tells.
type spot struct {
	place   string
	door    string
	address string
}

// find reads 居住区域 and 居住地址: the community, then what of its estates and
// houses is named; what is left behind a house is the door.
func (s *scope) find(region, address string) (spot, error) {
	home, err := s.community(region)
	if err != nil {
		return spot{}, err
	}
	text := squeeze(region) + " " + squeeze(address)
	at, rest := home.Place, -1
	for {
		next, end := home.named(at, text)
		if end < 0 {
			break
		}
		at, rest = next, end
	}
	out := spot{place: at.ID, address: strings.TrimSpace(address)}
	if at.Level == place.Building {
		if door := strings.Trim(text[rest:], " ,，-"); len([]rune(door)) <= doorMost {
			out.door, out.address = door, ""
		}
	}
	return out, nil
}

const doorMost = 20 // characters of a door

// community is the one that a row names, or the only one.
func (s *scope) community(region string) (neighbourhood, error) {
	text := squeeze(region)
	for _, o := range s.others {
		if text != "" && (text == squeeze(o.Name) || text == bare(o.Name)) {
			return neighbourhood{}, fault.Invalid("place", "“%s”不在%s，这一行应该由那边导入。", region, s.place.Name)
		}
	}
	if s.place.Level == place.Community {
		return s.inside[0], nil
	}
	best, length := neighbourhood{}, 0
	for _, c := range s.inside {
		for _, name := range []string{squeeze(c.Name), bare(c.Name)} {
			if strings.Contains(text, name) && len(name) > length {
				best, length = c, len(name)
			}
		}
	}
	if length == 0 {
		return best, fault.Invalid("place", "看不出是%s的哪个社区，请写上社区的名字。", s.place.Name)
	}
	return best, nil
}

// named finds the place directly under at that a text names, the longest name
// first, and where in the text the name ends; -1 when there is none.
func (n neighbourhood) named(at place.Place, text string) (place.Place, int) {
	best, end, length := place.Place{}, -1, 0
	for _, p := range n.below {
		name := squeeze(p.Name)
		if p.Parent != at.ID || len(name) <= length {
			continue
		}
		if i := indexName(text, name); i >= 0 {
			best, end, length = p, i+len(name), len(name)
		}
	}
	return best, end
}

// indexName finds a name that does not begin in the middle of a number: 3号楼 is
// not in 13号楼.
func indexName(text, name string) int {
	for from := 0; ; {
		i := strings.Index(text[from:], name)
		if i < 0 {
			return -1
		}
		i += from
		if i == 0 || !isDigit(name[0]) || !isDigit(text[i-1]) {
			return i
		}
		from = i + 1
	}
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// squeeze makes texts comparable: half-width and without spaces.
func squeeze(text string) string {
	return strings.Join(strings.Fields(width.Narrow.String(text)), "")
}

// bare is a community's name without what it is.
func bare(name string) string {
	name = squeeze(name)
	for _, end := range []string{"社区居委会", "居委会", "村委会", "社区"} {
		if short, ok := strings.CutSuffix(name, end); ok && short != "" {
			return short
		}
	}
	return name
}
