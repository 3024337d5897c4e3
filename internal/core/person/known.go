package person

import (
	"slices"
	"strings"

	"linli/internal/core/identity"
	"linli/internal/kit/db"
)

// ByDocuments lists the persons of a district whose document is of that kind and
// has one of those numbers, for lists that are held against what is known.
// Numbers are in the form that is stored.
func ByDocuments(tx *db.Tx, district int, kind identity.DocumentKind, numbers []string) ([]Person, error) {
	return among(tx, `p.id_number`, numbers, ` AND p.id_type = $2`, district, string(kind))
}

// ByPhones lists the persons of a district who answer one of those phones.
func ByPhones(tx *db.Tx, district int, phones []string) ([]Person, error) {
	return among(tx, `p.phone`, phones, ``, district)
}

func among(tx *db.Tx, column string, values []string, and string, args ...any) ([]Person, error) {
	if len(values) == 0 {
		return nil, nil
	}
	places := db.Places(len(args)+1, len(values))
	for _, v := range values {
		args = append(args, v)
	}
	// No ORDER BY: SQLite would read the whole district in that order.
	all, err := query(tx, `WHERE p.district = $1`+and+` AND `+column+` IN (`+places+`)`, args...)
	slices.SortFunc(all, func(a, b Person) int { return strings.Compare(a.ID, b.ID) })
	return all, err
}
