package place

import (
	"maps"

	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

// plan is what an import has to do, worked out before anything is written.
type plan struct {
	adds     []Place // parents first
	changes  []division
	replaced []replacement // those that are new
	counts   Counts
}

// prepare compares the lists with the tree.
func prepare(tx *db.Tx, rows []division, replaced []replacement) (plan, error) {
	have, err := officialPlaces(tx)
	if err != nil {
		return plan{}, err
	}
	codes, err := allCodes(tx)
	if err != nil {
		return plan{}, err
	}
	var p plan
	paths := map[string]string{"": Root}
	for _, row := range rows {
		row.parent, _ = follow(codes, row.parent)
		above, listed := paths[row.parent]
		if !listed {
			above = have[row.parent].Path
		}
		paths[row.id] = above + row.id + "/"
		was, known := have[row.id]
		p.row(row, was, known, codes[row.id] != "", paths[row.id])
	}
	return p, p.codes(replaced, codes, have, paths)
}

// row sorts one row of the lists into the plan. A code that was replaced may
// still stand in an older list; it stays as it is.
func (p *plan) row(d division, was Place, known, replaced bool, path string) {
	switch {
	case !known && !replaced:
		p.counts.Added++
		p.adds = append(p.adds, Place{District: DistrictOf(d.id), ID: d.id, Parent: d.parent,
			Level: d.level, Name: d.name, Path: path})
	case replaced || was.Open() && was.Name == d.name && was.Parent == d.parent && was.Level == d.level:
		p.counts.Same++
	default:
		p.counts.Changed++
		p.changes = append(p.changes, d)
	}
}

// codes sorts the map of codes into the plan and sees that every chain of
// replacements ends at a place that exists.
func (p *plan) codes(replaced []replacement, known map[string]string, have map[string]Place, listed map[string]string) error {
	next := maps.Clone(known)
	for _, m := range replaced {
		next[m.old] = m.new
	}
	for _, m := range replaced {
		last, ends := follow(next, m.old)
		if !ends {
			return fault.Invalid("codes", "代码 %s 换来换去，没有个头。", m.old)
		}
		if have[last].ID == "" && listed[last] == "" {
			return fault.Invalid("codes", "新代码 %s 在四个文件里都没有。", last)
		}
		if known[m.old] == m.new {
			continue
		}
		p.replaced = append(p.replaced, m)
		if was, old := have[m.old]; old && was.Open() || !old && listed[m.old] != "" {
			p.counts.Closed++
		}
	}
	return nil
}

// follow is the end of a chain of replaced codes; ends is false for a circle or
// for more hops than a look-up makes.
func follow(next map[string]string, id string) (last string, ends bool) {
	for range codeHops {
		to, replaced := next[id]
		if !replaced {
			return id, true
		}
		id = to
	}
	return id, false
}

func officialPlaces(tx *db.Tx) (map[string]Place, error) {
	places, err := db.All(tx, scan, `SELECT `+columns+` FROM place WHERE level IN ('province', 'city', 'district', 'street')`)
	out := map[string]Place{}
	for _, p := range places {
		out[p.ID] = p
	}
	return out, err
}

func allCodes(tx *db.Tx) (map[string]string, error) {
	pairs, err := db.All(tx, func(s db.Scanner) (m replacement, err error) { return m, s.Scan(&m.old, &m.new) },
		`SELECT old_id, new_id FROM place_code`)
	out := map[string]string{}
	for _, m := range pairs {
		out[m.old] = m.new
	}
	return out, err
}
