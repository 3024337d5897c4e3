package demo

import (
	"os"
	"time"

	"linli/internal/app"
	"linli/internal/core/access"
	"linli/internal/core/auth"
	"linli/internal/core/auth/sms"
)

// Demo is a data directory with the demo in it, or to be put in it.
type Demo struct {
	Messages *sms.Console // every message that the demo sends

	dir      string
	mark     mark
	accounts []Account
	here     spec      // 东风路南; tests take less of it
	now      time.Time // of the loading: everything before it is the past
	left     int       // orders whose past somebody else went on with
	main     *people   // 东风路南, once it was planned
}

// Prepare claims a data directory for a demo. It refuses one that holds something
// else. A demo that was loaded before is kept as it is.
func Prepare(dir string, seed uint64) (*Demo, error) {
	m, err := claim(dir, seed)
	if err != nil {
		return nil, err
	}
	return &Demo{Messages: sms.NewConsole(os.Stdout), dir: dir, mark: m, here: dongfenglunan, accounts: accounts(m.Seed)}, nil
}

// Seed is that of the people who live in the directory.
func (d *Demo) Seed() uint64 { return d.mark.Seed }

// Options makes the app one of the demo.
func (d *Demo) Options(o *app.Options) {
	o.SMS, o.DemoKey = d.Messages, d.mark.Key
}

// Doors are one-click ways in, one for each role, in the order of the roles.
func (d *Demo) Doors() []app.Door {
	links := auth.NewDemo(d.mark.Key, d.Messages)
	var out []app.Door
	for _, role := range access.Roles() {
		for _, a := range d.accounts {
			if a.Role == role {
				out = append(out, app.Door{Role: role.Label(), Name: a.Name, Place: a.placeName(), Href: links.Link(a.Phone)})
				break
			}
		}
	}
	return out
}
