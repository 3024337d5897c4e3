package roster

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"linli/e2e/browser"
	"linli/internal/core/access"
	"linli/internal/core/sitetest"
	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
	"linli/internal/kit/webtest"
)

// site is the town with one roster that has been checked: two good rows, one bad.
func site(t *testing.T) (*town, http.Handler, map[string]string) {
	t.Helper()
	town := newTown(t, dbtest.New(t, db.SQLite, options()...))
	worker := town.worker(access.StationWorker, south)
	f := town.upload(worker, workbook(t, headings(), han(), he(), row{"姓名": "甲", "联系电话": "139"}))
	return town, sitetest.New(t, NewHandlers(town.s).Routes(), sitetest.People{
		"站长": worker, "别处站长": town.worker(access.StationWorker, north),
		"街道": town.worker(access.StreetOfficer, street), "居民": town.worker(access.Resident, south),
	}), map[string]string{"south": south, "file": f.ID}
}

func TestRoutes(t *testing.T) {
	_, site, vars := site(t)
	webtest.Runner{Handler: site, Sign: sitetest.Sign, Vars: vars}.Files(t, "testdata/*.txt")
}

// TestImportInBrowser: a worker sends a file, sees the progress, leaves the bad row
// out, and looks at what was imported; on a phone, in large print, without script.
func TestImportInBrowser(t *testing.T) {
	town, site, _ := site(t)
	server := httptest.NewServer(site)
	t.Cleanup(server.Close)
	chromium := browser.Start(t)
	for name, view := range map[string]browser.View{
		"phone":       {Width: 320, Height: 700, NoScript: true, Cookies: map[string]string{"lang": "en"}},
		"phone.large": {Width: 360, Height: 780, Cookies: map[string]string{"size": "large", "lang": "zh"}},
		"desk.dark":   {Width: 1440, Height: 900, Cookies: map[string]string{"theme": "dark", "lang": "zh"}},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "名单.xlsx")
			if err := os.WriteFile(file, workbook(t, headings(), row{"姓名": name, "联系电话": "13911110002"}, row{"姓名": "丙", "联系电话": "139"}), 0o600); err != nil {
				t.Fatal(err)
			}
			view.Cookies[sitetest.Cookie] = url.QueryEscape("站长")
			p := chromium.Open(t, server.URL, view)
			look := func(shot string) {
				t.Helper()
				p.Check()
				p.FitsWidth()
				p.Screenshot(shot + "." + name)
			}
			p.Goto(server.URL + "/volunteers/export?place=" + south)
			look("export")
			p.Goto(server.URL + "/volunteers/imports?place=" + south)
			look("desk")
			p.Upload("input[type=file]", file)
			p.Follow("main form button.primary")
			look("checking")
			town.run()
			if view.NoScript {
				p.Follow("noscript a, a.btn[href^='/imports/']")
			} else {
				p.Wait("#import a.primary")
				look("checked-card")
				p.Follow("#import a.primary")
			}
			look("checked")
			if p.Count("tbody tr") != 1 {
				t.Errorf("%d rows have something said of them", p.Count("tbody tr"))
			}
			p.Follow("form[action$=confirmation] button")
			look("refused")
			p.Click("input[name=leave_out]")
			p.Follow("form[action$=confirmation] button")
			look("importing")
			town.run()
			p.Goto(p.URL())
			look("done")
			if got := p.Text(".note[data-s=done]"); got == "" {
				t.Error("nothing says that it is done")
			}
		})
	}
}
