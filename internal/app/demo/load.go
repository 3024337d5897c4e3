package demo

import (
	"context"
	"log/slog"
	"path/filepath"
	"slices"

	"linli/internal/app"
	"linli/internal/core/access"
	"linli/internal/core/auth"
	"linli/internal/core/person"
	"linli/internal/core/place"
	"linli/internal/kit/db"
)

// Essential loads what the first page needs: the tree of places, and 东风路南 with
// its people, teams, accounts and the year behind it. Call it before the app runs.
func (d *Demo) Essential(ctx context.Context, a *app.App) error {
	a.Welcome = d.Doors()
	if d.mark.Loaded {
		return nil
	}
	d.now = a.DB.Clock().Now()
	hashed := hashAll(ctx, a.Auth, d.accounts)
	files, err := place.Embedded()
	if err != nil {
		return err
	}
	if _, err := (place.Importer{DB: a.DB}).Import(ctx, files, nil); err != nil {
		return err
	}
	if d.main, err = d.planMain(ctx, a.DB); err != nil {
		return err
	}
	for _, load := range []func() error{
		func() error { return d.main.load(ctx, a) },
		func() error { return d.openAll(ctx, a, hashed) },
		func() error { return d.trust(ctx, a) },
		func() error { return d.lived(ctx, a, d.main) },
	} {
		if err := load(); err != nil {
			return err
		}
	}
	return writeAccounts(d.dir, d.accounts)
}

// Rest loads the other places and their past, while the app runs.
func (d *Demo) Rest(ctx context.Context, a *app.App) error {
	if d.mark.Loaded {
		return nil
	}
	for _, s := range others() {
		p, err := d.planOther(ctx, a.DB, s)
		if err != nil {
			return err
		}
		if err := d.loadOther(ctx, a, p); err != nil {
			return err
		}
	}
	for _, load := range []func(context.Context, *app.App) error{d.loadFengtai, d.certified, d.shelf, d.alive} {
		if err := load(ctx, a); err != nil {
			return err
		}
	}
	if err := a.DB.Optimize(ctx); err != nil {
		return err
	}
	d.mark.Loaded = true
	return writeJSON(filepath.Join(d.dir, markFile), d.mark)
}

// planMain plans 东风路南, where the accounts are at home.
func (d *Demo) planMain(ctx context.Context, from *db.DB) (*people, error) {
	p, err := d.plan(ctx, from, d.here, families())
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(d.accounts, func(a Account) bool { return a.Role == access.StationWorker })
	p.worker = p.staffed(d.accounts[i].person, d.accounts[i].Name)
	d.name(p)
	return p, nil
}

// planOther plans a community of which nobody has an account.
func (d *Demo) planOther(ctx context.Context, from *db.DB, s spec) (*people, error) {
	p, err := d.plan(ctx, from, s, nil)
	if err == nil {
		p.worker = p.staffed(serial(s.id, kindOfficial, 0), s.worker)
	}
	return p, err
}

func (d *Demo) plan(ctx context.Context, from *db.DB, s spec, known []family) (*people, error) {
	path, err := pathBelow(ctx, from, s.street, s.id)
	if err != nil {
		return nil, err
	}
	g := lay(s, path, newDraw(d.mark.Seed, s.key+" ground"))
	p := settle(&g, d.mark.Seed, known)
	p.enlist(d.mark.Seed)
	p.documents()
	p.band(d.mark.Seed)
	return p, nil
}

// pathBelow is the path of a place that stands directly below another.
func pathBelow(ctx context.Context, d *db.DB, parent, id string) (path string, err error) {
	err = d.Read(ctx, func(tx *db.Tx) error {
		p, err := place.Get(tx, parent)
		path = p.Path + id + "/"
		return err
	})
	return path, err
}

// staffed is a worker of the community's station as somebody who acts.
func (p *people) staffed(id, name string) access.Who {
	return access.Who{Person: id, Name: name, District: p.district(), Grants: []access.Grant{
		{Role: access.StationWorker, District: p.district(), Place: p.id, Path: p.path},
	}}
}

// name connects accounts with the residents who have them.
func (d *Demo) name(p *people) {
	for i := range d.accounts {
		a := &d.accounts[i]
		if at := p.soulNamed(a.Name); at >= 0 {
			a.person, a.resident, p.souls[at].phone = p.souls[at].id, true, a.Phone
		}
	}
}

func (d *Demo) openAll(ctx context.Context, a *app.App, hashed func() ([]auth.Hashed, error)) error {
	passwords, err := hashed()
	if err != nil {
		return err
	}
	return each(ctx, a.DB, len(d.accounts), func(tx *db.Tx, i int) error {
		tx.Replay(registered, d.main.replay(kindAccount, i))
		return d.accounts[i].open(tx, a.Auth, passwords[i])
	})
}

// trust lets 孟桂兰 ask for her husband and 陈小梅 for her mother.
func (d *Demo) trust(ctx context.Context, a *app.App) error {
	p := d.main
	return a.DB.Write(ctx, func(tx *db.Tx) error {
		tx.Replay(registered, p.replay(kindAccount, len(d.accounts)))
		for _, t := range []struct {
			elder, agent string
			relation     auth.Relation
		}{{"孙长山", "孟桂兰", auth.Spouse}, {"陈秀英", "陈小梅", auth.Child}} {
			elder, agent := p.souls[p.soulNamed(t.elder)], p.souls[p.soulNamed(t.agent)]
			if _, err := a.Auth.RecordProxyTx(tx, p.worker, p.district(), elder.id, agent.phone, t.relation, auth.OnPaper); err != nil {
				return err
			}
		}
		return nil
	})
}

// loadOther loads a community with its worker and its past.
func (d *Demo) loadOther(ctx context.Context, a *app.App, p *people) error {
	if err := p.load(ctx, a); err != nil {
		return err
	}
	err := a.DB.Write(ctx, func(tx *db.Tx) error {
		tx.Replay(registered, p.replay(kindOfficial, 0))
		_, err := person.InsertOfficial(tx, person.Person{ID: p.worker.Person, Name: p.worker.Name, Place: p.street, CreatedAt: registered})
		if err != nil {
			return err
		}
		_, err = a.Auth.Grant(tx, access.System(), auth.Appointment{
			District: p.district(), Person: p.worker.Person, Role: access.StationWorker, Place: p.id,
		})
		return err
	})
	if err != nil {
		return err
	}
	return d.lived(ctx, a, p)
}

// lived gives a community the year behind it.
func (d *Demo) lived(ctx context.Context, a *app.App, p *people) error {
	past := newPast(p, d.now, d.mark.Seed)
	if p == d.main {
		day := &today{past}
		day.reserve()
		day.plan()
	}
	past.year()
	past.fillMonth(p.monthly)
	if err := past.signUp(ctx, a); err != nil {
		return err
	}
	left, err := past.take(ctx, a.DB, a.Orders)
	if d.left += left; left > 0 {
		slog.InfoContext(ctx, "demo: orders that somebody else went on with", "place", p.name, "orders", left)
	}
	return err
}
