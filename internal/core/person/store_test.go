package person

import (
	"testing"

	"linli/internal/core/identity"
	"linli/internal/core/place"
	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
)

func TestInsertAndFind(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		p := insertOne(t, d, meng())
		if p.District != 130104 || p.Community != south || p.Where != "邮电园小区 3号楼" || p.Door != "2单元402" || p.Version != 1 {
			t.Errorf("%+v", p)
		}
		husband := insertOne(t, d, Person{Name: "𠮷㐂", Place: house(2), Door: "2单元402", Phone: "13800138000"})
		if husband.Household != p.Household || husband.IDNumber != "" {
			t.Errorf("%+v lives elsewhere than %+v", husband, p)
		}
		loose := insertOne(t, d, Person{Name: "王一", Place: south, Address: "槐安路5号"})
		if loose.Household != "" || loose.Where != "" || loose.building() != "槐安路5号" {
			t.Errorf("%+v", loose)
		}
		count := func(name string, want int, list func(tx *db.Tx) ([]Person, error)) {
			t.Helper()
			if got := read(t, d, list); len(got) != want {
				t.Errorf("%s: %d, want %d", name, len(got), want)
			}
		}
		count("by phone", 2, func(tx *db.Tx) ([]Person, error) { return ByPhone(tx, 130104, "13800138000") })
		count("by phone elsewhere", 0, func(tx *db.Tx) ([]Person, error) { return ByPhone(tx, 120101, "13800138000") })
		count("members", 2, func(tx *db.Tx) ([]Person, error) { return Members(tx, 130104, p.Household) })
		count("same document", 1, func(tx *db.Tx) ([]Person, error) {
			return Duplicates(tx, Person{District: 130104, Name: "别人", IDType: identity.IDCard, IDNumber: p.IDNumber, Phone: p.Phone})
		})
		count("same document, phone and name", 1, func(tx *db.Tx) ([]Person, error) { q := meng(); q.District = 130104; return Duplicates(tx, q) })
		count("same phone and name", 1, func(tx *db.Tx) ([]Person, error) {
			return Duplicates(tx, Person{District: 130104, Name: "𠮷㐂", Phone: p.Phone})
		})
		count("itself", 0, func(tx *db.Tx) ([]Person, error) { return Duplicates(tx, p) })
		many := read(t, d, func(tx *db.Tx) (map[string]Person, error) { return Many(tx, 130104, []string{p.ID, loose.ID, "none"}) })
		if len(many) != 2 || many[loose.ID].Name != "王一" {
			t.Errorf("many: %v", many)
		}
	})
}

func TestPlaceMustBeACommunityOrBelow(t *testing.T) {
	d := dbtest.New(t, db.SQLite)
	for _, id := range []string{"", street, "130104000000", "anything"} {
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := Insert(tx, Person{Name: "王一", Place: id})
			return err
		})
		wantFault(t, err, "invalid", "place")
	}
}

func TestSaveComparesVersions(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		p := insertOne(t, d, meng())
		first, second := p, p
		first.Phone, second.Phone = "13800138001", "13800138002"
		for i, change := range []Person{first, second} {
			write(t, d, func(tx *db.Tx) error {
				saved, err := Save(tx, change)
				if saved != (i == 0) {
					t.Errorf("change %d saved %v", i, saved)
				}
				return err
			})
		}
		if now := get(t, d, p.District, p.ID); now.Phone != first.Phone || now.Version != 2 || now.Household != p.Household {
			t.Errorf("%+v", now)
		}
	})
}

func TestNumbersOfAPlace(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		insertOne(t, d, meng())
		insertOne(t, d, Person{Name: "王一", Place: house(3), Door: "101"})
		insertOne(t, d, Person{Name: "王二", Place: south})
		insertOne(t, d, Person{Name: "王三", Place: north})
		insertOne(t, d, Person{Name: "王四", Place: "120101004001"})
		for id, want := range map[string][2]int64{
			house(2): {1, 1}, house(1): {2, 2}, south: {2, 3}, north: {0, 1}, street: {2, 4}, "130000000000": {2, 4}, "120000000000": {0, 1},
		} {
			facts := read(t, d, func(tx *db.Tx) ([]place.Fact, error) {
				p, err := place.Get(tx, id)
				if err != nil {
					return nil, err
				}
				return Facts(tx, p)
			})
			if got := [2]int64{facts[0].Value, facts[1].Value}; got != want {
				t.Errorf("%s: households and residents %v, want %v", id, got, want)
			}
		}
	})
}

func BenchmarkInsert(b *testing.B) {
	dbtest.Bench(b, func(b *testing.B, d *db.DB) {
		const rows = 1000
		for b.Loop() {
			err := d.Write(b.Context(), func(tx *db.Tx) error {
				for range rows {
					if _, err := Insert(tx, Person{Name: "王一", Place: south}); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/rows, "ns/row")
	})
}
