package record

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"linli/e2e/browser"
	"linli/internal/core/person"
	"linli/internal/core/sitetest"
	"linli/internal/kit/clock"
	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
	"linli/internal/kit/webtest"
)

// site is the town: sun served 23 times, li once with a name that spreadsheet
// programs would run, he never.
func site(t *testing.T) (http.Handler, *town) {
	t.Helper()
	c := clock.NewManual(started)
	w := settle(t, dbtest.New(t, db.SQLite, dbtest.Clock(c), dbtest.With(invariants)), c)
	grades := Grades()
	for i := range 23 {
		r := served(fmt.Sprint(i), w.sun, i*60, 30+i, grades[i%4])
		r.Order = "01930000-0000-7000-8000-0000000000aa"
		w.write(func(tx *db.Tx) error { return book(tx, r) })
	}
	odd := served("odd", w.li, 0, 50, "A")
	odd.Name, odd.Content = `=HYPERLINK("http://x")`, "@SUM(A1)"
	w.add(odd)
	handlers := NewHandlers(w.s)
	persons := person.NewHandlers(person.NewService(w.db), handlers.Section)
	routes := append(handlers.Routes(), persons.Routes()...)
	return sitetest.New(t, routes, sitetest.People{"孙淑琴": w.sun, "李建国": w.li, "何玉兰": w.he, "周敏": w.worker, "吴远": w.foreign}), w
}

func TestRoutes(t *testing.T) {
	site, w := site(t)
	webtest.Runner{Handler: site, Sign: sitetest.Sign, Vars: map[string]string{
		"sun": w.sun.Person, "he": w.he.Person, "building": building,
	}}.Files(t, "testdata/*.txt")
}

// download asks for somebody's own record in a format.
func download(t *testing.T, site http.Handler, who, kind string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest("GET", "/me/record/export?format="+kind, nil)
	if err := sitetest.Sign(r, who); err != nil {
		t.Fatal(err)
	}
	answer := httptest.NewRecorder()
	site.ServeHTTP(answer, r)
	if answer.Code != http.StatusOK || !strings.Contains(answer.Header().Get("Content-Disposition"), "attachment") {
		t.Fatalf("%s: %d %v", kind, answer.Code, answer.Header())
	}
	return answer
}

func TestExports(t *testing.T) {
	site, _ := site(t)
	headings := strings.Fields("序号 活动名称 活动日期 开始时间 结束时间 活动地点 服务区域 服务类别 服务内容 服务对象 受益人数 参与人数 服务时长(小时) 活动组织单位 活动负责人 联系电话 记录人 评价 备注") // domain.md 4.2
	newest := []string{"1", "理发", "2026-11-24", "07:00", "07:52", "邮电园小区 3号楼", "东风路南社区", "理发", "理发", "", "", "", "0.87", "东风路南社区", "", "0311-5550-0126", "系统自动记录", "", "52 分钟，C 级：主人后来说来过，单号 261123-22，公示中"}

	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(download(t, site, "孙淑琴", "csv").Body.Bytes(), []byte("\xef\xbb\xbf")))).ReadAll()
	if err != nil || len(rows) != 24 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for i, want := range headings {
		if rows[0][i] != want || rows[1][i] != newest[i] {
			t.Errorf("column %d: %q %q, want %q %q", i, rows[0][i], rows[1][i], want, newest[i])
		}
	}

	book, err := excelize.OpenReader(download(t, site, "孙淑琴", "xlsx").Body)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	sheet, err := book.GetRows("志愿服务活动记录表")
	if err != nil || len(sheet) != 25 || sheet[0][0] != "孙淑琴的志愿服务活动记录表" || sheet[1][12] != headings[12] || sheet[2][12] != "0.87" {
		t.Fatalf("%d rows, %v, %v", len(sheet), sheet[:3], err)
	}
	if kind, err := book.GetCellType("志愿服务活动记录表", "M3"); err != nil || kind == excelize.CellTypeInlineString || kind == excelize.CellTypeSharedString {
		t.Errorf("hours cannot be added up: %v %v", kind, err)
	}

	var out struct{ Items []ItemView }
	if err := json.Unmarshal(download(t, site, "孙淑琴", "json").Body.Bytes(), &out); err != nil || len(out.Items) != 23 || out.Items[0].Minutes != 52 {
		t.Errorf("JSON: %d items, %v", len(out.Items), err)
	}
	if err := json.Unmarshal(download(t, site, "何玉兰", "json").Body.Bytes(), &out); err != nil || len(out.Items) != 0 {
		t.Errorf("JSON of nothing: %d items, %v", len(out.Items), err)
	}
}

func TestExportsRunNothing(t *testing.T) {
	site, _ := site(t)
	rows, err := csv.NewReader(download(t, site, "李建国", "csv").Body).ReadAll()
	if err != nil || len(rows) != 2 {
		t.Fatalf("%v %v", rows, err)
	}
	if rows[1][1] != `'=HYPERLINK("http://x")` || rows[1][8] != "'@SUM(A1)" {
		t.Errorf("%q %q", rows[1][1], rows[1][8])
	}
}

// TestALongRecordStreams exports more than one part without losing or repeating a
// line.
func TestALongRecordStreams(t *testing.T) {
	c := clock.NewManual(started)
	w := settle(t, dbtest.New(t, db.SQLite, dbtest.Clock(c)), c)
	const all = 2*PageMost + 7
	w.write(func(tx *db.Tx) error {
		for i := range all {
			if _, err := Enter(tx, served(fmt.Sprint(i), w.sun, i*60, 30, "A")); err != nil {
				return err
			}
		}
		return nil
	})
	site := sitetest.New(t, NewHandlers(w.s).Routes(), sitetest.People{"孙淑琴": w.sun})
	var out struct{ Items []ItemView }
	if err := json.Unmarshal(download(t, site, "孙淑琴", "json").Body.Bytes(), &out); err != nil || len(out.Items) != all {
		t.Fatalf("%d of %d, %v", len(out.Items), all, err)
	}
	for i := 1; i < all; i++ {
		if !out.Items[i].StartedAt.Before(out.Items[i-1].StartedAt) {
			t.Fatalf("item %d does not follow", i)
		}
	}
}

func TestPagesInBrowser(t *testing.T) {
	site, w := site(t)
	server := httptest.NewServer(site)
	t.Cleanup(server.Close)
	chromium := browser.Start(t)
	for name, view := range map[string]browser.View{
		"phone":       {Width: 320, Height: 700, Cookies: map[string]string{}},
		"desk.dark":   {Width: 1440, Height: 900, Cookies: map[string]string{"theme": "dark", "lang": "en"}},
		"phone.large": {Width: 390, Height: 844, Cookies: map[string]string{"size": "large"}},
	} {
		for shot, at := range map[string]struct{ who, path string }{
			"me":      {"孙淑琴", "/me"},
			"new":     {"何玉兰", "/me"},
			"record":  {"孙淑琴", "/me/record"},
			"none":    {"何玉兰", "/me/record"},
			"person":  {"周敏", "/persons/" + w.sun.Person},
			"station": {"周敏", "/persons/" + w.sun.Person + "/record"},
		} {
			view.Cookies[sitetest.Cookie] = url.QueryEscape(at.who)
			p := chromium.Open(t, server.URL+at.path, view)
			p.Check()
			p.FitsWidth()
			p.Screenshot(shot + "." + name)
		}
	}
}

// BenchmarkPage is the page of a record with a short and a long history; the two
// should cost about the same.
func BenchmarkPage(b *testing.B) {
	for _, n := range []int{100, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			w := history(b, n)
			for b.Loop() {
				if _, err := w.s.Mine(b.Context(), w.sun, Period{}, Cursor{}, usual); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkAdd records a service after a short and after a long history.
func BenchmarkAdd(b *testing.B) {
	for _, n := range []int{100, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			w := history(b, n)
			for b.Loop() {
				n++
				w.add(served(fmt.Sprint(n), w.sun, n*60, 30, "A"))
			}
		})
	}
}

func history(b *testing.B, n int) *town {
	c := clock.NewManual(started)
	w := settle(b, dbtest.New(b, db.SQLite, dbtest.Clock(c)), c)
	w.write(func(tx *db.Tx) error {
		for i := range n {
			if _, err := Enter(tx, served(fmt.Sprint(i), w.sun, i*60, 30, "A")); err != nil {
				return err
			}
		}
		return nil
	})
	return w
}
