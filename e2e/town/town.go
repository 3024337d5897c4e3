package town

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"linli/client"
	"linli/internal/app"
	"linli/internal/core/access"
	"linli/internal/core/auth"
	"linli/internal/core/auth/sms"
	"linli/internal/core/calendar"
	"linli/internal/core/person"
	"linli/internal/core/place"
	"linli/internal/feature/org"
	"linli/internal/feature/volunteer"
	"linli/internal/kit/db"
)

// Town is an app in which the cast has moved in.
type Town struct {
	App    *app.App
	People []Person
	Team   string // id of 方国栋's team, in which 郭建民 serves

	t      testing.TB
	mu     sync.Mutex        // guards tokens
	tokens map[string]string // by kind of session and name
}

// Origin is the address that stands in certificates.
const Origin = "https://linli.example"

// Secret is the key of the town's codes and sessions.
func Secret() []byte { return []byte(strings.Repeat("s", 32)) }

// Sound is the invariant check of the whole house, for dbtest.With.
func Sound(ctx context.Context, d *db.DB) error {
	findings, err := app.Check(ctx, d)
	if err == nil && len(findings) > 0 {
		err = fmt.Errorf("the books do not hold: %s", strings.Join(findings, "; "))
	}
	return err
}

// Settle makes the app on an empty database and lets everybody move in.
func Settle(t testing.TB, d *db.DB, change ...func(*app.Options)) *Town {
	t.Helper()
	options := app.Options{
		DB: d, Secret: Secret(), SMS: sms.NewConsole(&bytes.Buffer{}), Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
		Cost: auth.Cost{MemoryKiB: 64, Passes: 1}, Origin: Origin, Keys: filepath.Join(t.TempDir(), "linli.keys"),
	}
	for _, f := range change {
		f(&options)
	}
	a, err := app.New(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	w := &Town{App: a, People: cast(), t: t, tokens: map[string]string{}}
	hashed, err := a.Auth.Hash(t.Context(), "password", Password, "")
	if err != nil {
		t.Fatal(err)
	}
	w.Write(func(tx *db.Tx) error {
		if err := buildPlaces(tx); err != nil {
			return err
		}
		for i := range w.People {
			if err := w.moveIn(tx, &w.People[i], hashed, i); err != nil {
				return fmt.Errorf("%s: %w", w.People[i].Name, err)
			}
		}
		return w.foundTeam(tx)
	})
	return w
}

func buildPlaces(tx *db.Tx) error {
	for _, p := range []place.Place{
		{ID: Country, Level: place.Province, Name: "河北省"},
		{ID: City, Parent: Country, Level: place.City, Name: "石家庄市"},
		{ID: District, Parent: City, Level: place.District, Name: "桥西区"},
		{ID: Street, Parent: District, Level: place.Street, Name: "东风街道"},
		{ID: Community, Parent: Street, Level: place.Community, Name: "东风路南社区", Phone: "0311-5550-0126"},
		{ID: Building, Parent: Community, Level: place.Building, Name: "3号楼", Position: &place.Position{Lat: Lat, Lng: Lng}},
		{ID: besideStreet, Parent: District, Level: place.Street, Name: "汇通街道"},
		{ID: besideCommunity, Parent: besideStreet, Level: place.Community, Name: "塔谈社区", Phone: "0311-5550-0127"},
		{ID: abroadDistrict, Parent: City, Level: place.District, Name: "新华区"},
		{ID: abroadStreet, Parent: abroadDistrict, Level: place.Street, Name: "革新街道"},
		{ID: abroadCommunity, Parent: abroadStreet, Level: place.Community, Name: "革新社区", Phone: "0311-5550-0128"},
	} {
		if _, err := place.Insert(tx, p); err != nil {
			return err
		}
	}
	return nil
}

// moveIn puts somebody on file with an account and their role.
func (w *Town) moveIn(tx *db.Tx, p *Person, hashed auth.Hashed, serial int) error {
	p.Phone = fmt.Sprintf("154%08d", 100+serial)
	filed, err := w.file(tx, p, serial)
	if err != nil {
		return err
	}
	p.ID = filed.ID
	if err := w.App.Auth.OpenAccount(tx, access.System(), filed.District, filed.ID, p.Phone, hashed); err != nil {
		return err
	}
	if p.Role == access.Volunteer || p.Role == access.TeamLeader {
		if err := enlist(tx, filed); err != nil {
			return err
		}
		if err := w.appoint(tx, filed, access.Volunteer, filed.Community); err != nil {
			return err
		}
	}
	return w.appoint(tx, filed, p.Role, p.Place)
}

// file puts a person where they live; officials live nowhere in the town.
func (w *Town) file(tx *db.Tx, p *Person, serial int) (person.Person, error) {
	at, err := place.Get(tx, p.Place)
	if err != nil {
		return person.Person{}, err
	}
	born := calendar.Day{Year: 1970 + serial%30, Month: 5, Day: 1}
	if serial == 0 {
		born.Year = 1946 // the elder, whose pages begin in large type
	}
	switch {
	case at.Community() == "":
		return person.InsertOfficial(tx, person.Person{Name: p.Name, Phone: p.Phone, Place: p.Place})
	case p.Circle == Here:
		return person.Insert(tx, person.Person{Name: p.Name, Phone: p.Phone, Place: Building, Door: fmt.Sprintf("%d单元%d01", 1+serial%3, 1+serial), Birth: born})
	}
	return person.Insert(tx, person.Person{Name: p.Name, Phone: p.Phone, Place: p.Place, Birth: born})
}

func (w *Town) appoint(tx *db.Tx, p person.Person, role access.Role, at string) error {
	_, err := w.App.Auth.Grant(tx, access.System(), auth.Appointment{District: p.District, Person: p.ID, Role: role, Place: at})
	return err
}

// enlist makes a serving volunteer who cuts hair and goes along to the clinic.
func enlist(tx *db.Tx, p person.Person) error {
	v, err := volunteer.New(tx, p, volunteer.FromStation)
	if err != nil {
		return err
	}
	v.Status, v.Skills = volunteer.Active, []string{"haircut", "clinic_escort"}
	return volunteer.Put(tx, v)
}

func (w *Town) foundTeam(tx *db.Tx) error {
	o, err := org.Found(tx, access.System(), org.Org{
		Kind: org.Team, Name: "银发爱心义剪队", Place: Community, Leader: w.Person("方国栋").ID, Services: []string{"haircut"},
	})
	if err != nil {
		return err
	}
	w.Team = o.ID
	for _, name := range []string{"方国栋", "郭建民"} {
		if err := org.Join(tx, access.System(), o, w.Person(name).ID); err != nil {
			return err
		}
	}
	return nil
}

// Person is one of the cast, by name.
func (w *Town) Person(name string) Person {
	at := slices.IndexFunc(w.People, func(p Person) bool { return p.Name == name })
	if at < 0 {
		w.t.Fatalf("nobody in town is called %s", name)
	}
	return w.People[at]
}

// Holder is who has a role in a circle; Beside has none of a whole district.
func (w *Town) Holder(r access.Role, c Circle) (Person, bool) {
	at := slices.IndexFunc(w.People, func(p Person) bool { return p.Role == r && p.Circle == c })
	if at < 0 {
		return Person{}, false
	}
	return w.People[at], true
}

// Write runs fn as one transaction of the house.
func (w *Town) Write(fn func(*db.Tx) error) {
	w.t.Helper()
	if err := w.App.DB.Write(w.t.Context(), fn); err != nil {
		w.t.Fatal(err)
	}
}

// Serve answers at an address of this machine until the test ends.
func (w *Town) Serve() (url string) {
	s := httptest.NewServer(w.App.Site)
	w.t.Cleanup(func() {
		w.App.Site.Drain() // ends the streams, which would keep the server open
		s.Close()
	})
	return s.URL
}

// Client is somebody's signed-in client of a server at url.
func (w *Town) Client(url, name string) *client.Client {
	w.t.Helper()
	c := client.New(url)
	c.Token = w.Token(auth.API, name)
	return c
}

// Token is somebody's session; it is begun at the first call. A browser's and a
// program's are not the same.
func (w *Town) Token(kind auth.Kind, name string) string {
	w.t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	key := string(kind) + " " + name
	if w.tokens[key] == "" {
		in, err := w.App.Auth.SignIn(w.t.Context(), w.Person(name).Phone, Password, auth.Client{Kind: kind, Device: "test"})
		if err != nil {
			w.t.Fatalf("%s does not get in: %v", name, err)
		}
		w.tokens[key] = in.Token
	}
	return w.tokens[key]
}

// Forget drops the sessions of somebody who may have ended them.
func (w *Town) Forget(name string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.tokens, string(auth.API)+" "+name)
	delete(w.tokens, string(auth.Web)+" "+name)
}

// Cookie is the name of the cookie in which a browser keeps its session.
const Cookie = "session"

// Sign makes a request one of somebody: the Sign of webtest.Runner.
func (w *Town) Sign(r *http.Request, name string) error {
	if strings.HasPrefix(r.URL.Path, "/api/") {
		r.Header.Set("Authorization", "Bearer "+w.Token(auth.API, name))
		return nil
	}
	r.AddCookie(&http.Cookie{Name: Cookie, Value: w.Token(auth.Web, name)})
	return nil
}
