package place

import (
	"slices"

	"linli/internal/core/access"
	"linli/internal/kit/db"
)

// Reach lists the districts in which rows that somebody may see can stand, their
// own first: what is known by a bare id is looked for in them.
func Reach(tx *db.Tx, who access.Who) ([]int, error) {
	out := []int{who.District}
	for _, g := range who.Grants {
		keys, err := reachOf(tx, g)
		if err != nil {
			return nil, err
		}
		for _, district := range keys {
			if !slices.Contains(out, district) {
				out = append(out, district)
			}
		}
	}
	return out, nil
}

func reachOf(tx *db.Tx, g access.Grant) ([]int, error) {
	if g.Path == Root {
		return db.All(tx, func(s db.Scanner) (d int, err error) { return d, s.Scan(&d) },
			`SELECT DISTINCT district FROM place WHERE level = 'community' ORDER BY district`)
	}
	p, found, err := find(tx, g.Place)
	if err != nil || !found {
		return nil, err
	}
	return districts(tx, p)
}

// Mine lists the communities in which who has the permission by a role, at most
// limit of them, for the lists that begin with choosing one.
func Mine(tx *db.Tx, who access.Who, p access.Permission, limit int) ([]Place, error) {
	var out []Place
	seen := map[string]bool{}
	for _, g := range access.Places(who, p) {
		communities, err := communitiesOf(tx, g, limit)
		if err != nil {
			return nil, err
		}
		for _, c := range communities {
			if !seen[c.ID] && c.Open() && len(out) < limit {
				seen[c.ID] = true
				out = append(out, c)
			}
		}
	}
	return out, nil
}

// Communities lists the communities of all districts that still exist, at most
// limit of them: what somebody chooses from who is not known yet.
func Communities(tx *db.Tx, limit int) ([]Place, error) {
	all, err := communitiesOf(tx, access.Grant{Path: Root}, limit)
	all = slices.DeleteFunc(all, func(p Place) bool { return !p.Open() })
	return all[:min(len(all), limit)], err
}

func communitiesOf(tx *db.Tx, g access.Grant, limit int) ([]Place, error) {
	if id := CommunityOf(g.Place); id != "" {
		p, err := Get(tx, id)
		return []Place{p}, err
	}
	keys, err := reachOf(tx, g)
	var out []Place
	for _, district := range keys {
		if len(out) >= limit {
			break
		}
		communities, err := CommunitiesUnder(tx, district, g.Path)
		if err != nil {
			return nil, err
		}
		out = append(out, communities...)
	}
	return out, err
}
