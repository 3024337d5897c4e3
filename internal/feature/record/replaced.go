package record

import "linli/internal/kit/db"

// Replaced lists the rows of a district that a later row corrects or withdraws: who
// has relied on one of them has to look again. They are few.
func Replaced(tx *db.Tx, district int) ([]Record, error) {
	return db.All(tx, scan, `SELECT `+columns+` FROM service_record
		WHERE district = $1 AND id IN (SELECT replaces FROM service_record WHERE district = $1 AND replaces <> '')
		ORDER BY id`, district)
}

// Latest is the id of the row that stands in the place of another now, or that withdrew
// it.
func Latest(tx *db.Tx, r Record) (id string, err error) {
	for next := r.ID; next != ""; {
		id, next = next, ""
		if _, err = tx.Get(`SELECT id FROM service_record WHERE district = $1 AND replaces = $2 AND replaces <> ''`, []any{r.District, id}, &next); err != nil {
			return id, err
		}
	}
	return id, nil
}
