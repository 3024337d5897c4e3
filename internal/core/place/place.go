package place

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/identity"
	"linli/internal/kit/fault"
)

// Root is the path that every other path begins with; a role held there holds
// for the whole country.
const Root = "/"

// Level is how far down the tree a place stands.
type Level string

// The levels, from the top.
const (
	Province  Level = "province"
	City      Level = "city"
	District  Level = "district" // a county; also a city that has none
	Street    Level = "street"   // also towns and townships
	Community Level = "community"
	Grid      Level = "grid"
	Estate    Level = "estate"
	Building  Level = "building"
)

// Levels lists all of them, from the top.
func Levels() []Level {
	return []Level{Province, City, District, Street, Community, Grid, Estate, Building}
}

// Label is the word on the page; it is also the id of its translation.
func (l Level) Label() string {
	switch l {
	case Province:
		return "省"
	case City:
		return "市"
	case District:
		return "区县"
	case Street:
		return "街道"
	case Community:
		return "社区"
	case Grid:
		return "网格"
	case Estate:
		return "小区"
	case Building:
		return "楼"
	}
	return string(l)
}

// Enum lists the values for the decoder of requests.
func (l Level) Enum() []string {
	var all []string
	for _, l := range Levels() {
		all = append(all, string(l))
	}
	return all
}

// Official says whether places of this level are called by an official code.
func (l Level) Official() bool { return slices.Index(Levels(), l) <= slices.Index(Levels(), Community) }

// Below lists the levels that staff may add under a place of this level; what
// lies above the communities comes from the official lists.
func (l Level) Below() []Level {
	switch l {
	case Street:
		return []Level{Community}
	case Community:
		return []Level{Estate, Grid, Building}
	case Grid:
		return []Level{Estate, Building}
	case Estate:
		return []Level{Building}
	}
	return nil
}

// Position is a point on the map in degrees, WGS-84.
type Position struct{ Lat, Lng float64 }

// check says whether the point is on the globe.
func (p *Position) check() error {
	if p != nil && (p.Lat < -90 || p.Lat > 90) {
		return fault.Invalid("position.lat", "纬度要在 -90 到 90 之间。")
	}
	if p != nil && (p.Lng < -180 || p.Lng > 180) {
		return fault.Invalid("position.lng", "经度要在 -180 到 180 之间。")
	}
	return nil
}

// Place is one node of the tree.
type Place struct {
	District  int    // storage key: the first six digits of ID
	ID        string // see the package comment
	Parent    string // empty for a province
	Level     Level
	Name      string
	Path      string // of ids, with its own, "/…/…/"
	Position  *Position
	Phone     string // of the service station; empty where there is none
	ValidFrom time.Time
	ValidTo   time.Time // zero while the place exists
}

// Open says whether the place still exists.
func (p Place) Open() bool { return p.ValidTo.IsZero() }

// Target is the place as something that a permission is asked for.
func (p Place) Target() access.Target { return access.Target{District: p.District, Path: p.Path} }

// Community is the id of the community that the place is or lies in; empty above.
func (p Place) Community() string {
	if p.Level.Official() && p.Level != Community {
		return ""
	}
	return CommunityOf(p.ID)
}

// ids are the ids of the path, from the top.
func (p Place) ids() []string { return strings.Split(strings.Trim(p.Path, "/"), "/") }

// inTreeOrder puts official places by their codes, others by level and by name as
// people count: 2号楼 before 10号楼.
func inTreeOrder(a, b Place) int {
	if a.Level != b.Level {
		return slices.Index(Levels(), a.Level) - slices.Index(Levels(), b.Level)
	}
	if a.Level.Official() {
		return strings.Compare(a.ID, b.ID)
	}
	return cmp.Or(CompareNames(a.Name, b.Name), strings.Compare(a.ID, b.ID))
}

// CompareNames puts texts in the order in which people count: the numbers in them
// are compared as numbers.
func CompareNames(a, b string) int {
	for a != "" && b != "" {
		x, y := leadingDigits(a), leadingDigits(b)
		if x != "" && y != "" {
			if c := cmp.Or(len(x)-len(y), strings.Compare(x, y)); c != 0 {
				return c
			}
			a, b = a[len(x):], b[len(y):]
			continue
		}
		if a[0] != b[0] {
			return int(a[0]) - int(b[0])
		}
		a, b = a[1:], b[1:]
	}
	return len(a) - len(b)
}

func leadingDigits(s string) string {
	end := 0
	for end < len(s) && s[end] >= '0' && s[end] <= '9' {
		end++
	}
	return s[:end]
}

const codeDigits = 12

// DistrictOf is the storage key of a place's id: its first six digits; 0 for a
// text that is no place's id.
func DistrictOf(id string) int {
	if len(id) < codeDigits || !digits(id[:codeDigits]) {
		return 0
	}
	n, _ := strconv.Atoi(id[:6])
	return n
}

// CommunityOf is the community in the id of a place at or below one; empty for
// the id of any other.
func CommunityOf(id string) string {
	if DistrictOf(id) == 0 || strings.HasSuffix(id[:codeDigits], "000") {
		return ""
	}
	return id[:codeDigits]
}

// IDBelow is the id of a place below a community. The serial tells those of one
// community apart.
func IDBelow(community string, serial uint64) string {
	return community + "-" + strconv.FormatUint(serial, 36)
}

func digits(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
}

// cleanName checks what somebody calls a place.
func cleanName(name string) (string, error) {
	name, err := identity.Line("name", name, identity.MaxTitle)
	if err == nil && name == "" {
		err = fault.Invalid("name", "请写上名字。")
	}
	return name, err
}
