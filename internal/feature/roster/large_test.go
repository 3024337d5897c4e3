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

// TestLargeRoster imports many chunks through the jobs, as a page has it done, and
// again without changing anything. BenchmarkRoster does it with 100,000 rows.
func TestLargeRoster(t *testing.T) {
	const n = 5_000
	data := large(t, transfer.XLSX, n)
	each(t, func(town *town) { town.large(data, n, func(string) {}) })
}

// BenchmarkRoster tells how many rows a second are checked, imported and checked
// again, and the most memory that took beside the file.
func BenchmarkRoster(b *testing.B) {
	const n = 100_000
	data := large(b, transfer.XLSX, n)
	dbtest.Bench(b, func(b *testing.B, d *db.DB) {
		for b.Loop() {
			start := time.Now()
			newTown(b, d).large(data, n, func(phase string) {
				b.ReportMetric(n/time.Since(start).Seconds(), phase+"-rows/s")
				start = time.Now()
			})
		}
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		b.ReportMetric(float64(m.HeapSys>>20), "MB-heap")
	}, options()...)
}

func (t *town) large(data []byte, n int, done func(phase string)) {
	t.Helper()
	worker := t.worker(access.StationWorker, south)
	f := t.upload(worker, data)
	if done("check"); f.State != Checked || f.Counts != (Counts{New: n}) {
		t.Fatalf("checked: %+v", f)
	}
	f = t.confirm(worker, f.ID, false)
	if done("import"); f.State != Done || f.Taken != n {
		t.Fatalf("imported: %+v", f)
	}
	f = t.upload(worker, data)
	if done("again"); f.Counts != (Counts{Same: n}) {
		t.Fatalf("again: %+v", f)
	}
}
