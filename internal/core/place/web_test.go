package place

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"linli/e2e/browser"
	"linli/internal/core/access"
	"linli/internal/core/sitetest"
	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
	"linli/internal/kit/webtest"
)

// site is the town with its people.
func site(t *testing.T) http.Handler {
	t.Helper()
	d := dbtest.New(t, db.SQLite)
	town(t, d)
	write(t, d, func(tx *db.Tx) error {
		Count(tx, 130104, community, "residents", 5327)
		return nil
	})
	facts := func(tx *db.Tx, p Place) ([]Fact, error) {
		n, err := Sum(tx, p, "residents")
		return []Fact{{Label: "居民", Value: n["residents"]}, {Label: "解决率", Rate: true, Value: 46, Of: 50, Unanswered: 4}}, err
	}
	return sitetest.New(t, NewHandlers(NewService(d, facts)).Routes(), sitetest.People{
		"居民":   holder(t, d, access.Resident, community),
		"站长":   holder(t, d, access.StationWorker, community),
		"别处站长": holder(t, d, access.StationWorker, "120101004000"),
		"区里":   holder(t, d, access.DistrictOfficer, "130104000000"),
	})
}

func TestRoutes(t *testing.T) {
	webtest.Runner{Handler: site(t), Sign: sitetest.Sign}.Files(t, "testdata/*.txt")
}

func TestPagesInBrowser(t *testing.T) {
	server := httptest.NewServer(site(t))
	t.Cleanup(server.Close)
	chromium := browser.Start(t)
	for name, view := range map[string]browser.View{
		"phone":       {Width: 320, Height: 700},
		"desk.dark":   {Width: 1440, Height: 900, Cookies: map[string]string{"theme": "dark", "lang": "en"}},
		"phone.large": {Width: 390, Height: 844, Cookies: map[string]string{"size": "large"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if view.Cookies == nil {
				view.Cookies = map[string]string{}
			}
			view.Cookies[sitetest.Cookie] = "%E5%8C%BA%E9%87%8C" // 区里
			p := chromium.Open(t, server.URL, view)
			for shot, path := range map[string]string{
				"places":    "/places",
				"community": "/places/" + community,
				"street":    "/places/" + street,
				"add":       "/places/" + street + "/children/new?level=community",
				"edit":      "/places/" + community + "/edit",
				"rules":     "/places/" + community + "/rules",
				"closure":   "/places/" + community + "/closure",
			} {
				p.Goto(server.URL + path)
				p.Check()
				p.FitsWidth()
				p.Screenshot(shot + "." + name)
			}
		})
	}
}
