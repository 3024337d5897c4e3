package person

import (
	"testing"

	"linli/internal/core/identity"
	"linli/internal/kit/db"
)

func TestKnownByDocumentAndPhone(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		p := insertOne(t, d, meng())
		q := insertOne(t, d, Person{Name: "韩立新", Phone: "13800138000", Place: south})
		insertOne(t, d, Person{Name: "别人", Phone: "13800138009", Place: north, IDType: identity.Passport, IDNumber: "E12345678"})
		ids := func(all []Person, err error) []string {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
			out := []string{}
			for _, p := range all {
				out = append(out, p.ID)
			}
			return out
		}
		got := read(t, d, func(tx *db.Tx) (map[string][]string, error) {
			return map[string][]string{
				"phones":   ids(ByPhones(tx, p.District, []string{"13800138000", "139", "13800138000"})),
				"document": ids(ByDocuments(tx, p.District, identity.IDCard, []string{p.IDNumber, "E12345678"})),
				"none":     ids(ByPhones(tx, p.District, nil)),
				"another":  ids(ByPhones(tx, 120101, []string{"13800138000"})),
			}, nil
		})
		if len(got["phones"]) != 2 || len(got["document"]) != 1 || got["document"][0] != p.ID || len(got["none"])+len(got["another"]) != 0 {
			t.Errorf("known %v, want %s and %s by phone", got, p.ID, q.ID)
		}
	})
}
