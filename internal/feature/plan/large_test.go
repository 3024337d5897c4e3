package plan

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"linli/internal/core/calendar"
	"linli/internal/core/transfer"
)

// monday is a morning from which everything is planned.
func monday() time.Time { return time.Date(2026, 3, 2, 8, 0, 0, 0, calendar.Zone()) }

// district writes the two spreadsheets of a district: people on a square of as many a
// square kilometre whatever its size, with or without coordinates. What many ask for few
// can do.
func district(t testing.TB, kind transfer.Kind, orders, helpers int, located bool) Options {
	t.Helper()
	r := rand.New(rand.NewPCG(7, uint64(orders+helpers)))
	dir := t.TempDir()
	o := Options{
		Orders: filepath.Join(dir, "orders."+string(kind)), Helpers: filepath.Join(dir, "roster."+string(kind)),
		Out: filepath.Join(dir, "plan."+string(kind)), Now: monday(), Progress: func(string, float64) {},
	}
	skills := []string{"理发", "修水管", "换灯泡", "陪看病", "代买东西", "打扫", "手机教学", "辅导作业", "代买药", "测血压", "搬东西", "修家电", "法律咨询", "取快递", "送餐", "量血压"}
	free := []string{"周末", "工作日晚上", "周一至周五上午", "周末、工作日晚上", "随时", "周六上午、周日下午", "周一至周五下午", ""}
	times := []string{"周六上午", "周日下午", "明天上午9点", "周三下午", "周四 14:00-16:00", "工作日晚上", "周五", "下周", "随时", "2026-03-05 09:30-10:30", ""}
	urgency := []string{"", "一般", "一般", "尽快", "紧急"}
	side := 0.0045 * float64(intSqrt(helpers)) / 14 // degrees; about 800 helpers a square kilometre
	place := func() (area, lat, lng string) {
		x, y := r.Float64()*side, r.Float64()*side
		area = fmt.Sprintf("第%d社区", int(x/0.01)*100+int(y/0.01)+1)
		if located {
			lat, lng = fmt.Sprintf("%.5f", 38+x), fmt.Sprintf("%.5f", 114.5+y)
		}
		return area, lat, lng
	}
	sheet(t, o.Orders, kind, transfer.NeedsList(), orders, func(n int) map[string]string {
		area, lat, lng := place()
		return map[string]string{
			transfer.NeedSerial: fmt.Sprint(n + 1), transfer.NeedNo: fmt.Sprintf("XQ%06d", n+1), transfer.NeedDay: "2026-02-27", transfer.NeedSource: "点单",
			transfer.NeedAsker: fmt.Sprintf("居民%d", n), transfer.NeedPhone: fmt.Sprintf("138%08d", n), transfer.NeedService: skills[min(r.IntN(len(skills)), r.IntN(len(skills)))],
			transfer.NeedContent: "家里有老人，想请人来帮忙", transfer.NeedFor: fmt.Sprintf("居民%d", n), transfer.NeedUrgency: urgency[r.IntN(len(urgency))],
			transfer.NeedTime: times[r.IntN(len(times))], transfer.NeedArea: area, transfer.NeedAddress: fmt.Sprintf("幸福小区%d号楼", r.IntN(30)),
			transfer.NeedLatitude: lat, transfer.NeedLongitude: lng, transfer.NeedGrid: fmt.Sprintf("第%d网格", r.IntN(5)+1),
		}
	})
	sheet(t, o.Helpers, kind, transfer.PlanningRoster(), helpers, func(n int) map[string]string {
		area, lat, lng := place()
		return map[string]string{
			transfer.RosterSerial: fmt.Sprint(n + 1), transfer.RosterVolunteerNo: fmt.Sprintf("V%07d", n+1), transfer.RosterName: fmt.Sprintf("志愿者%d", n),
			transfer.RosterSex: "女", transfer.RosterBirth: "1965-04-12", transfer.RosterPolitics: "群众", transfer.RosterDistrict: area,
			transfer.RosterAddress: fmt.Sprintf("幸福小区%d号楼", r.IntN(30)), transfer.RosterPhone: fmt.Sprintf("139%08d", n),
			transfer.RosterSkills: skills[max(r.IntN(len(skills)), r.IntN(len(skills)), r.IntN(len(skills)))], transfer.RosterFreeTime: free[r.IntN(len(free))], transfer.RosterConsent: "是",
			transfer.RosterLatitude: lat, transfer.RosterLongitude: lng, transfer.RosterGrid: fmt.Sprintf("第%d网格", r.IntN(5)+1),
			transfer.RosterLimit: []string{"", "2", "3", "5"}[r.IntN(4)], transfer.RosterWalk: []string{"", "15", "30", "10"}[r.IntN(4)],
		}
	})
	return o
}

func intSqrt(n int) (root int) {
	for (root+1)*(root+1) <= n {
		root++
	}
	return root
}

// sheet writes a table of n rows by its headings.
func sheet(t testing.TB, file string, kind transfer.Kind, form transfer.Form, n int, row func(n int) map[string]string) {
	t.Helper()
	var b bytes.Buffer
	w, err := transfer.NewWriter(&b, kind, form, form.Title)
	if err != nil {
		t.Fatal(err)
	}
	for k := range n {
		texts := row(k)
		cells := make([]transfer.Cell, len(form.Headings))
		for at, h := range form.Headings {
			cells[at] = transfer.Text(texts[h.Name])
		}
		if err := w.Write(cells...); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

// BenchmarkFiles plans 10,000 orders and 50,000 volunteers, and tells how many times as
// long that takes as only reading and writing the same spreadsheets, measured in
// turn, the best of each.
func BenchmarkFiles(b *testing.B) {
	for _, c := range []struct {
		kind    transfer.Kind
		located bool
	}{{transfer.XLSX, true}, {transfer.XLSX, false}, {transfer.CSV, true}} {
		b.Run(fmt.Sprintf("%s/coordinates=%t", c.kind, c.located), func(b *testing.B) {
			o := district(b, c.kind, 10_000, 50_000, c.located)
			whole, alone := time.Hour, time.Hour
			for b.Loop() {
				begun := time.Now()
				t, p, err := Files(b.Context(), o)
				if err != nil {
					b.Fatal(err)
				}
				whole = min(whole, time.Since(begun))
				begun = time.Now()
				readAndWrite(b, o, t, p)
				alone = min(alone, time.Since(begun))
				b.ReportMetric(float64(p.Pairs), "pairs")
				b.ReportMetric(float64(p.Best.Unserved), "unserved")
				b.ReportMetric(float64(p.FirstCome.Unserved), "unserved-by-hand")
			}
			b.ReportMetric(alone.Seconds(), "files-s")
			b.ReportMetric(whole.Seconds()/alone.Seconds(), "times-files")
		})
	}
}

// readAndWrite reads every cell of both spreadsheets and writes the cells of the plan.
func readAndWrite(b *testing.B, o Options, t *Tables, p *Plan) {
	b.Helper()
	for file, form := range map[string]transfer.Form{o.Orders: transfer.NeedsList(), o.Helpers: transfer.PlanningRoster()} {
		read := func(row transfer.Row) {
			for _, h := range form.Headings {
				row.Text(h.Name)
			}
		}
		if err := newReader(o.Now).read(b.Context(), file, form, read, func(float64) {}); err != nil {
			b.Fatal(err)
		}
	}
	kind, err := kindOf(o.Out)
	w := &writer{ctx: b.Context(), out: o.Out, progress: func(float64) {}}
	if err == nil {
		err = w.all(kind, t.sheets(p))
	}
	if err != nil {
		b.Fatal(err)
	}
}

// TestProcessorsMakeNoDifference gives orders to one processor and to several.
func TestProcessorsMakeNoDifference(t *testing.T) {
	in := world(t, rand.New(rand.NewPCG(3, 3)), 5*ordersAtOnce, 400)
	var plans []string
	for _, n := range []int{1, 2, 5} {
		func() {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(n))
			p, err := Make(t.Context(), in)
			if err != nil {
				t.Fatal(err)
			}
			plans = append(plans, fmt.Sprintf("%+v", p))
		}()
	}
	if plans[0] != plans[1] || plans[0] != plans[2] {
		t.Error("the plans are not the same")
	}
}
