package category

import (
	"slices"
	"strings"
)

// maxNames bounds what is read of one cell; nobody has more skills.
const maxNames = 50

// Find reads a cell of a spreadsheet that names skills or kinds of service
// ("理发、水电维修"). A name may stand for several services; a name that fits
// nothing surely is given back in unknown, as it was written; so is what comes
// after the first 50 names.
func Find(cell string) (services []Service, unknown []string) {
	all := names(cell)
	if len(all) > maxNames {
		all, unknown = all[:maxNames], all[maxNames:]
	}
	for _, name := range all {
		found := byName(name)
		if found == nil {
			found = guess(name)
		}
		if found == nil {
			unknown = append(unknown, name)
		}
		for _, s := range found {
			if !slices.ContainsFunc(services, func(have Service) bool { return have.Code == s.Code }) {
				services = append(services, s)
			}
		}
	}
	return services, unknown
}

// names takes a cell apart: not at all when it is one name, by its punctuation,
// and by blanks only what is no name with them (legal advice).
func names(cell string) []string {
	if byName(cell) != nil {
		return []string{cell}
	}
	var out []string
	for _, part := range strings.FieldsFunc(cell, separates) {
		if byName(part) != nil {
			out = append(out, part)
			continue
		}
		out = append(out, strings.Fields(part)...)
	}
	return out
}

// separates tells what stands between the names of a cell, blanks apart.
func separates(c rune) bool { return strings.ContainsRune("、，,;；/／|+＋\t\n\r。·和及", c) }

// byName finds the services of a name or another name.
func byName(name string) []Service {
	t := loadTree()
	var out []Service
	for _, i := range t.byAlias[plain(name)] {
		out = append(out, t.all[i])
	}
	return out
}

// guess takes the best service that the words of a name tell, when it is sure.
func guess(name string) []Service {
	s := hear(name)
	ranked := rankServices(s, firstReading(s))
	if len(ranked) == 0 || ranked[0].worth < sure {
		return nil
	}
	service, ok := ByID(ranked[0].key)
	if !ok {
		return nil
	}
	return []Service{service}
}
