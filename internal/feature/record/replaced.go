package record

import "linli/internal/kit/db"

// Replaced lists the rows of a district that a later row corrects or withdraws: who
// has relied on one of them has to look again. They are few.
func Replaced(tx *db.Tx, district int) ([]Record, error) {
	return db.All(tx, scan, `SELECT `+columns+` FROM service_record
		WHERE district = $1 AND id IN (SELECT replaces FROM service_record WHERE district = $1 AND replaces <> '')
		ORDER BY id`, district)
}
