package demo

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"time"

	"linli/internal/app"
	"linli/internal/core/access"
	"linli/internal/core/auth"
	"linli/internal/core/auth/sms"
	"linli/internal/core/person"
	"linli/internal/core/place"
	"linli/internal/kit/db"
)

// Demo is a data directory with the demo in it, or to be put in it.
type Demo struct {
	Messages *sms.Console // every message that the demo sends

	dir      string
	mark     mark
	accounts []Account
	now      time.Time // of the loading: everything before it is the past
	main     *people
}

// Prepare claims a data directory for a demo. It refuses one that holds something
// else. A demo that was loaded before is kept as it is.
func Prepare(dir string, seed uint64) (*Demo, error) {
	m, err := claim(dir, seed)
	if err != nil {
		return nil, err
	}
	d := &Demo{Messages: sms.NewConsole(os.Stdout), dir: dir, mark: m, accounts: accounts(m.Seed)}
	if m.Loaded {
		d.accounts, err = readAccounts(dir)
	}
	return d, err
}

// Options makes the app one of the demo.
func (d *Demo) Options(o *app.Options) {
	o.SMS, o.DemoKey = d.Messages, d.mark.Key
}

// Doors are one-click ways in, one for each role, in the order of the roles.
func (d *Demo) Doors() []app.Door {
	links := auth.NewDemo(d.mark.Key, d.Messages)
	places := map[string]string{
		"130104016901": "东风路南社区", "130104016000": "东风街道", "130104000000": "桥西区",
	}
	var out []app.Door
	for _, role := range access.Roles() {
		for _, a := range d.accounts {
			if a.Role == role {
				out = append(out, app.Door{Role: role.Label(), Name: a.Name, Place: places[a.Place], Href: links.Link(a.Phone)})
				break
			}
		}
	}
	return out
}

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
	if d.main, err = d.community(ctx, a, dongfenglunan, families()); err != nil {
		return err
	}
	if err := d.openAll(ctx, a, hashed); err != nil {
		return err
	}
	if err := d.trust(ctx, a); err != nil {
		return err
	}
	if err := d.lived(ctx, a, d.main, d.stationWorker()); err != nil {
		return err
	}
	return writeAccounts(d.dir, d.accounts)
}

// trust lets 孟桂兰 ask for her husband and 陈小梅 for her mother.
func (d *Demo) trust(ctx context.Context, a *app.App) error {
	p, worker := d.main, d.stationWorker()
	return a.DB.Write(ctx, func(tx *db.Tx) error {
		tx.At(registered)
		for _, t := range []struct {
			elder, agent string
			relation     auth.Relation
		}{{"孙长山", "孟桂兰", auth.Spouse}, {"陈秀英", "陈小梅", auth.Child}} {
			agent := p.souls[p.soulNamed(t.agent)]
			_, err := a.Auth.RecordProxyTx(tx, worker, p.district(), p.souls[p.soulNamed(t.elder)].id, agent.phone, t.relation, auth.OnPaper)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// stationWorker is who works in 东风路南.
func (d *Demo) stationWorker() access.Who {
	i := slices.IndexFunc(d.accounts, func(a Account) bool { return a.Role == access.StationWorker })
	return d.main.staffed(d.accounts[i].person, d.accounts[i].Name)
}

// staffed is a worker of the community's station as somebody who acts.
func (p *people) staffed(id, name string) access.Who {
	return access.Who{Person: id, Name: name, District: p.district(), Grants: []access.Grant{
		{Role: access.StationWorker, District: p.district(), Place: p.id, Path: p.path},
	}}
}

// lived gives a community the year behind it.
func (d *Demo) lived(ctx context.Context, a *app.App, p *people, worker access.Who) error {
	past := newPast(p, worker, d.now, d.mark.Seed)
	if p == d.main {
		day := &today{past, families()}
		day.reserve()
		day.plan()
	}
	past.year()
	past.fillMonth(p.monthly)
	if err := past.signUp(ctx, a); err != nil {
		return err
	}
	return past.take(ctx, a.DB, a.Orders)
}

// community loads one community with its people and organisations.
func (d *Demo) community(ctx context.Context, a *app.App, s spec, known []family) (*people, error) {
	path, err := pathBelow(ctx, a.DB, s.street, s.id)
	if err != nil {
		return nil, err
	}
	g := lay(s, path, newDraw(d.mark.Seed, s.key+" ground"))
	p := settle(&g, d.mark.Seed, known)
	d.name(p, known)
	p.enlist(known, d.mark.Seed)
	if err := g.build(ctx, a.DB); err != nil {
		return nil, err
	}
	if err := p.moveInAll(ctx, a.DB); err != nil {
		return nil, err
	}
	if err := p.enlistAll(ctx, a.DB, a.Auth); err != nil {
		return nil, err
	}
	return p, p.foundAll(ctx, a, d.mark.Seed, known)
}

// name connects accounts with the residents who have them.
func (d *Demo) name(p *people, known []family) {
	at := 0
	for _, f := range known {
		for _, k := range f.members {
			for i := range d.accounts {
				if a := &d.accounts[i]; k.key != "" && a.known == k.key {
					a.person, p.souls[at].phone = p.souls[at].id, a.Phone
				}
			}
			at++
		}
	}
}

func (d *Demo) openAll(ctx context.Context, a *app.App, hashed func() ([]auth.Hashed, error)) error {
	passwords, err := hashed()
	if err != nil {
		return err
	}
	return each(ctx, a.DB, len(d.accounts), func(tx *db.Tx, i int) error {
		tx.At(registered)
		return d.accounts[i].open(tx, a.Auth, passwords[i])
	})
}

// Rest loads the other places and their past.
func (d *Demo) Rest(ctx context.Context, a *app.App) error {
	if d.mark.Loaded {
		return nil
	}
	for _, s := range []spec{chaoyangli, yangming, tatan} {
		if err := d.other(ctx, a, s); err != nil {
			return err
		}
	}
	if err := d.loadFengtai(ctx, a); err != nil {
		return err
	}
	if err := a.DB.Optimize(ctx); err != nil {
		return err
	}
	d.mark.Loaded = true
	return writeJSON(filepath.Join(d.dir, markFile), d.mark)
}

// other loads one of the communities that nobody of the accounts belongs to.
func (d *Demo) other(ctx context.Context, a *app.App, s spec) error {
	p, err := d.community(ctx, a, s, nil)
	if err != nil {
		return err
	}
	worker := p.staffed(serial(s.id, kindOfficial, 0), s.worker)
	err = a.DB.Write(ctx, func(tx *db.Tx) error {
		tx.At(registered)
		_, err := person.InsertOfficial(tx, person.Person{ID: worker.Person, Name: worker.Name, Place: s.street, CreatedAt: registered})
		if err != nil {
			return err
		}
		_, err = a.Auth.Grant(tx, access.System(), auth.Appointment{
			District: p.district(), Person: worker.Person, Role: access.StationWorker, Place: s.id,
		})
		return err
	})
	if err != nil {
		return err
	}
	return d.lived(ctx, a, p, worker)
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
