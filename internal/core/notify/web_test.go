package notify

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"linli/e2e/browser"
	"linli/internal/core/access"
	"linli/internal/core/event"
	"linli/internal/core/sitetest"
	"linli/internal/kit/clock"
	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
	"linli/internal/kit/webtest"
)

// site is a house in which sun was told three things and meng nothing.
func site(t *testing.T) http.Handler {
	t.Helper()
	d := dbtest.New(t, db.SQLite, dbtest.Clock(clock.NewManual(started)))
	h := &house{t: t, db: d}
	h.write(func(tx *db.Tx) error {
		for i, link := range []string{"/orders/a", "", "/orders/c"} {
			if err := insert(tx, Notice{District: district, Person: "sun", No: int64(i + 1), At: started, Msg: "还有 %d 单", Args: []Arg{Number(int64(i + 1))}, Link: link}); err != nil {
				return err
			}
			event.Append(tx, event.Event{District: district, Act: "order.accept", Kind: "order", Subject: "a"})
		}
		return nil
	})
	who := func(id string) access.Who { return access.Who{Person: id, District: district} }
	return sitetest.New(t, NewHandlers(NewService(d)).Routes(), sitetest.People{"孙淑琴": who("sun"), "孟桂兰": who("meng")})
}

func TestRoutes(t *testing.T) {
	webtest.Runner{Handler: site(t), Sign: sitetest.Sign}.Files(t, "testdata/*.txt")
}

func TestPagesInBrowser(t *testing.T) {
	server := httptest.NewServer(site(t))
	t.Cleanup(server.Close)
	chromium := browser.Start(t)
	for name, view := range map[string]browser.View{
		"phone":       {Width: 320, Height: 700, Cookies: map[string]string{}},
		"desk.dark":   {Width: 1440, Height: 900, Cookies: map[string]string{"theme": "dark", "lang": "en"}},
		"phone.large": {Width: 390, Height: 844, Cookies: map[string]string{"size": "large"}},
	} {
		for shot, who := range map[string]string{"notices": "孙淑琴", "none": "孟桂兰"} {
			view.Cookies[sitetest.Cookie] = url.QueryEscape(who)
			p := chromium.Open(t, server.URL+"/me/notices", view)
			p.Check()
			p.FitsWidth()
			p.Screenshot(shot + "." + name)
		}
	}
}
