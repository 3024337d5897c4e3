package roster

import (
	"bytes"
	"fmt"
	"runtime"
	"testing"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/transfer"
	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
)

// large is a roster of n people, a tenth of them in teams, with ID numbers.
func large(t testing.TB, kind transfer.Kind, n int) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := transfer.NewWriter(&b, kind, transfer.VolunteerRoster(), "志愿者花名册")
	if err != nil {
		t.Fatal(err)
	}
	skills := []string{"理发", "修水管、换灯泡", "陪看病", "打扫、代买东西"}
	for i := range n {
		cells := make([]transfer.Cell, len(headings()))
		for at, text := range map[int]string{
			0: fmt.Sprint(i + 1), 2: fmt.Sprintf("志愿者%d", i), 3: "", 6: id18(fmt.Sprintf("130104%d%02d%02d%03d", 1950+i/1000%50, 1+i/50000%12, 1+i/100000, i%1000)),
			10: fmt.Sprintf("邮电园小区%d号楼", i%20), 11: fmt.Sprintf("139%08d", i), 12: skills[i%len(skills)], 15: "周末、工作日晚上", 19: "是",
		} {
			cells[at] = transfer.Text(text)
		}
		if i%10 == 0 {
			cells[14] = transfer.Text(fmt.Sprintf("第%d服务队", i%18))
		}
		if err := w.Write(cells...); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestLargeRoster imports 100,000 rows through the jobs, as a page has it done:
// in bounded memory, and again without changing anything.
func TestLargeRoster(t *testing.T) {
	if testing.Short() {
		t.Skip("100,000 rows on two engines take some minutes")
	}
	const n = 50_000
	data := large(t, transfer.XLSX, n)
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(string(engine), func(t *testing.T) {
			town := newTown(t, dbtest.New(t, engine, options()...))
			worker := town.worker(access.StationWorker, south)
			timed := func(what string, do func()) {
				start := time.Now()
				do()
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				t.Logf("%s: %.1f s, heap from the system %d MB", what, time.Since(start).Seconds(), m.HeapSys>>20)
			}
			var f File
			timed("check", func() { f = town.upload(worker, data) })
			if f.State != Checked || f.Counts != (Counts{New: n}) {
				t.Fatalf("checked: %+v", f)
			}
			timed("import", func() { f = town.confirm(worker, f.ID, false) })
			if f.State != Done || f.Taken != n {
				t.Fatalf("imported: %+v", f)
			}
			timed("check again", func() { f = town.upload(worker, data) })
			if f.Counts != (Counts{Same: n}) {
				t.Fatalf("again: %+v", f)
			}
		})
	}
}
