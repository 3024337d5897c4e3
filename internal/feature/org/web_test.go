package org

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"linli/e2e/browser"
	"linli/internal/core/access"
	"linli/internal/core/sitetest"
	"linli/internal/feature/volunteer"
	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
	"linli/internal/kit/web"
	"linli/internal/kit/webtest"
)

// site is the town with a team and a unit; volunteers' pages show their teams.
func site(t *testing.T) (http.Handler, map[string]string) {
	t.Helper()
	town := newTown(t, dbtest.New(t, db.SQLite, options()...))
	worker := town.worker(access.StationWorker, south)
	team := town.team()
	if _, err := town.s.Create(town.ctx, worker, Addition{Kind: Unit, Place: south, Draft: Draft{Name: ptr("街角药店"), Purpose: ptr("每月来量一次血压")}}); err != nil {
		t.Fatal(err)
	}
	h := NewHandlers(town.s)
	routes := append(h.Routes(), volunteer.NewHandlers(town.volunteers, h.Section).Routes()...)
	return sitetest.New(t, routes, sitetest.People{
			"站长": worker, "方国栋": self(town.fang), "韩立新": self(town.han), "秦爱华": self(town.qin), "街道": town.worker(access.StreetOfficer, street),
		}), map[string]string{"south": south, "north_code": north, "county": county, "team": team.ID,
			"fang": town.fang.ID, "han": town.han.ID}
}

func TestRoutes(t *testing.T) {
	site, vars := site(t)
	webtest.Runner{Handler: site, Sign: sitetest.Sign, Vars: vars}.Files(t, "testdata/*.txt")
}

// TestPagesInBrowser looks at every page as those see it whom it is for.
func TestPagesInBrowser(t *testing.T) {
	site, vars := site(t)
	server := httptest.NewServer(site)
	t.Cleanup(server.Close)
	chromium := browser.Start(t)
	for name, view := range map[string]browser.View{
		"phone":       {Width: 320, Height: 700, Cookies: map[string]string{"lang": "en"}},
		"phone.large": {Width: 360, Height: 780, Cookies: map[string]string{"size": "large", "lang": "zh"}},
		"desk.dark":   {Width: 1440, Height: 900, Cookies: map[string]string{"theme": "dark", "lang": "zh"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, look := range []struct{ who, shot, path string }{
				{"站长", "list", "/orgs"},
				{"站长", "nothing", "/orgs?kind=merchant"},
				{"站长", "team", "/orgs/" + vars["team"]},
				{"站长", "edit", "/orgs/" + vars["team"] + "/edit"},
				{"站长", "close", "/orgs/" + vars["team"] + "/close"},
				{"街道", "add", "/orgs/new?place=" + south},
				{"方国栋", "leader", "/orgs/" + vars["team"]},
				{"方国栋", "run", "/orgs/" + vars["team"] + "/run"},
				{"方国栋", "volunteer", "/volunteers/" + vars["fang"]},
				{"韩立新", "joining", "/orgs/" + vars["team"]},
				{"秦爱华", "neighbour", "/orgs/" + vars["team"]},
			} {
				v := view
				v.Cookies = map[string]string{sitetest.Cookie: url.QueryEscape(look.who)}
				for k, c := range view.Cookies {
					v.Cookies[k] = c
				}
				p := chromium.Open(t, server.URL, v)
				p.Goto(server.URL + look.path)
				p.Check()
				p.FitsWidth()
				p.Screenshot(look.shot + "." + name)
			}
		})
	}
}

// BenchmarkList reads a page of a district as large as 丰台: 5,967 organisations.
func BenchmarkList(b *testing.B) {
	dbtest.Bench(b, func(b *testing.B, d *db.DB) {
		err := d.Write(b.Context(), func(tx *db.Tx) error {
			for i := range 5967 {
				at := fmt.Sprintf("130104016%03d", 1+i%300)
				if err := Put(tx, Org{District: district, ID: fmt.Sprint(i), Kind: Kinds()[i%7], Name: fmt.Sprintf("组织%d", i), Status: Active,
					Community: at, Place: at, PlacePath: "/130000000000/130100000000/130104000000/130104016000/" + at + "/", CreatedAt: 1, Version: 1}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
		page := web.Paging{}.Size(usual)
		for b.Loop() {
			err := d.Read(b.Context(), func(tx *db.Tx) error {
				_, err := db.All(tx, scan, `SELECT `+columns+` FROM org WHERE district = $1 AND (name, id) > ($2, $3)
					AND status = 'active' AND kind = $4 ORDER BY name, id LIMIT $5`, district, "", "", "unit", page)
				return err
			})
			if err != nil {
				b.Fatal(err)
			}
		}
	})
}
