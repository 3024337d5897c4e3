package record

import (
	"context"

	"linli/internal/kit/db"
)

// sealed is how many rows are attested in one transaction.
const sealed = 200

// Seal attests the rows of before postings attested rows, so that the chains cover
// them from now on. It is called when the house starts, and has nothing to do after
// the first time.
func Seal(ctx context.Context, d *db.DB) error {
	for n := sealed; n == sealed; {
		if err := d.Write(ctx, func(tx *db.Tx) (err error) {
			n, err = sealSome(tx)
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}

func sealSome(tx *db.Tx) (int, error) {
	type key struct {
		district int
		id       string
	}
	keys, err := db.All(tx, func(s db.Scanner) (k key, err error) { return k, s.Scan(&k.district, &k.id) },
		`SELECT district, id FROM record_unsealed ORDER BY district, id LIMIT $1`, sealed)
	if err != nil {
		return 0, err
	}
	for _, k := range keys {
		n, err := tx.Exec(`DELETE FROM record_unsealed WHERE district = $1 AND id = $2`, k.district, k.id)
		if err != nil || n == 0 { // another process was first
			return len(keys), err
		}
		r, found, err := get(tx, k.district, k.id)
		if err != nil {
			return 0, err
		}
		if found {
			if err := attest(tx, r, 1); err != nil {
				return 0, err
			}
		}
	}
	return len(keys), nil
}
