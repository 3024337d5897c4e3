package place

import (
	"context"
	"embed"
	"io"
	"io/fs"

	"linli/internal/core/event"
	"linli/internal/kit/db"
)

//go:embed data/*.csv
var embedded embed.FS

// Embedded are the official lists of the four counties of the demo, with their
// cities and provinces; sources and licence are in NOTICE.
func Embedded() (fs.FS, error) { return fs.Sub(embedded, "data") }

// Counts says what an import did.
type Counts struct {
	Added   int // places that were new
	Changed int // places with a new name or a new parent, or that exist again
	Same    int // places that were right already
	Closed  int // places that ended because another code took their place
}

// Moved is told that a place of the district got another path, in the transaction
// that gave it; whoever keeps paths in rows of its own renews them.
type Moved func(tx *db.Tx, district int, from, to string) error

// Repath renews the paths that a table keeps in a column; table and column are
// names from our own code, never from input.
func Repath(table, column string) Moved {
	return func(tx *db.Tx, district int, from, to string) error {
		_, err := tx.Exec(`UPDATE `+table+` SET `+column+` = $3 || substr(`+column+`, length($2) + 1)
			WHERE district = $1 AND substr(`+column+`, 1, length($2)) = $2`, district, from, to)
		return err
	}
}

// Importer takes the official lists into the tree.
type Importer struct {
	DB       *db.DB
	Moved    []Moved               // tables that keep paths
	Progress func(done, total int) // rows so far; nil when nobody looks
}

// batch is how many rows one transaction takes: other writers never wait longer
// than for these.
const batch = 1000

// Import reads provinces.csv, cities.csv, areas.csv and streets.csv from the
// directory, and from codes (nil for none) lines "old,new" of codes that were
// replaced. Nothing is written before every line was found right; running it
// again changes nothing. Mistakes are invalid faults that name file and line.
func (im Importer) Import(ctx context.Context, files fs.FS, codes io.Reader) (Counts, error) {
	rows, err := readDivisions(files)
	if err != nil {
		return Counts{}, err
	}
	replaced, err := readCodes(codes)
	if err != nil {
		return Counts{}, err
	}
	var p plan
	err = im.DB.Read(ctx, func(tx *db.Tx) (err error) {
		p, err = prepare(tx, rows, replaced)
		return err
	})
	if err != nil {
		return Counts{}, err
	}
	return p.counts, im.apply(ctx, p)
}

// apply writes the plan; one that was cut off is finished by the next import.
func (im Importer) apply(ctx context.Context, p plan) error {
	steps := make([]func(*db.Tx) error, 0, len(p.adds)+len(p.changes)+len(p.replaced))
	for _, add := range p.adds {
		steps = append(steps, func(tx *db.Tx) error { return im.add(tx, add) })
	}
	for _, d := range p.changes {
		steps = append(steps, func(tx *db.Tx) error { return im.change(tx, d) })
	}
	for _, m := range p.replaced {
		steps = append(steps, func(tx *db.Tx) error { return im.replace(tx, m) })
	}
	for done := 0; done < len(steps); {
		next := min(done+batch, len(steps))
		if err := im.DB.Write(ctx, inOrder(steps[done:next])); err != nil {
			return err
		}
		done = next
		im.report(done, len(steps))
	}
	return nil
}

func inOrder(steps []func(*db.Tx) error) func(*db.Tx) error {
	return func(tx *db.Tx) error {
		for _, step := range steps {
			if err := step(tx); err != nil {
				return err
			}
		}
		return nil
	}
}

func (im Importer) report(done, total int) {
	if im.Progress != nil {
		im.Progress(done, total)
	}
}

func (im Importer) add(tx *db.Tx, p Place) error {
	p.ValidFrom = tx.Now()
	return insert(tx, p)
}

// change gives a place the name, level and parent of its list.
func (im Importer) change(tx *db.Tx, d division) error {
	p, found, err := find(tx, d.id)
	if err != nil || !found {
		return err
	}
	if p.Parent != d.parent {
		parent, _, err := find(tx, d.parent)
		if err != nil {
			return err
		}
		if err := im.move(tx, p, parent); err != nil {
			return err
		}
	}
	forget(tx)
	_, err = tx.Exec(`UPDATE place SET name = $3, level = $4, valid_to = NULL WHERE district = $1 AND id = $2`,
		p.District, p.ID, d.name, string(d.level))
	return err
}

// replace ends the place of an old code in favour of the new one. What stands
// below it moves along and keeps its ids and its storage keys.
func (im Importer) replace(tx *db.Tx, m replacement) error {
	_, err := tx.Exec(`INSERT INTO place_code (district, old_id, new_id, since) VALUES ($1, $2, $3, $4)
		ON CONFLICT (district, old_id) DO UPDATE SET new_id = excluded.new_id, since = excluded.since`,
		DistrictOf(m.old), m.old, m.new, tx.Now().UnixMilli())
	if err != nil {
		return err
	}
	event.Append(tx, event.Event{District: DistrictOf(m.new), Act: "place.replace", Kind: "place",
		Subject: m.new, Data: event.Data{"old": m.old}})
	old, found, err := find(tx, m.old)
	if err != nil || !found || !old.Open() {
		return err
	}
	if err := im.moveChildren(tx, old, m.new); err != nil {
		return err
	}
	old.ValidTo = tx.Now()
	return update(tx, old)
}

func (im Importer) moveChildren(tx *db.Tx, from Place, to string) error {
	parent, err := Get(tx, to)
	if err != nil {
		return err
	}
	children, err := Children(tx, from.ID)
	if err != nil {
		return err
	}
	for _, child := range children {
		if err := im.move(tx, child, parent); err != nil {
			return err
		}
	}
	return nil
}

// move puts a place and everything below it under another parent.
func (im Importer) move(tx *db.Tx, p, parent Place) error {
	_, err := tx.Exec(`UPDATE place SET parent = $3 WHERE district = $1 AND id = $2`, p.District, p.ID, parent.ID)
	if err != nil {
		return err
	}
	keys, err := districts(tx, p)
	if err != nil {
		return err
	}
	to := parent.Path + p.ID + "/"
	defer forget(tx)
	for _, district := range keys {
		for _, moved := range append([]Moved{Repath("place", "path")}, im.Moved...) {
			if err := moved(tx, district, p.Path, to); err != nil {
				return err
			}
		}
	}
	return nil
}
