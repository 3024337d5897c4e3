package person

import "linli/internal/kit/db"

// ByDocuments lists the persons of a district whose document number is one of
// those, for lists that are held against what is known. Numbers are in the form
// that is stored.
func ByDocuments(tx *db.Tx, district int, numbers []string) ([]Person, error) {
	return among(tx, district, `p.id_number`, numbers)
}

// ByPhones lists the persons of a district who answer one of those phones.
func ByPhones(tx *db.Tx, district int, phones []string) ([]Person, error) {
	return among(tx, district, `p.phone`, phones)
}

func among(tx *db.Tx, district int, column string, values []string) ([]Person, error) {
	if len(values) == 0 {
		return nil, nil
	}
	args := []any{district}
	for _, v := range values {
		args = append(args, v)
	}
	return query(tx, `WHERE p.district = $1 AND `+column+` IN (`+db.Places(2, len(values))+`) ORDER BY p.id`, args...)
}
