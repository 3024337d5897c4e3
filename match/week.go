package match

import "time"

// Time is counted in cells of half an hour, numbered since 1970 on the clock of the
// ask's zone. A week has 336 of them and starts on Monday; a part of the day has 12.
const (
	cellSeconds = 30 * 60
	dayCells    = 48
	weekCells   = 7 * dayCells
	partCells   = 12
	weekParts   = weekCells / partCells
	hourSeconds = 60 * 60
	daySeconds  = 24 * hourSeconds
	thursday    = 3 // 1 January 1970, counted from Monday
	maxCells    = 4 * weekCells
	everyPart   = 1<<weekParts - 1
)

// Week is the free time that repeats every week: bit i of the 336 is the half hour
// that starts i half hours after Monday 00:00. The zero Week means that nobody has
// said when they are free: such a candidate is asked all the same, a little later.
type Week [6]uint64

// With adds the time of a day from one hour to another, as durations since midnight.
// Only half hours wholly inside are free; what lies outside the day is ignored.
func (w Week) With(day time.Weekday, from, to time.Duration) Week {
	const cell = cellSeconds * time.Second
	monday := (int(day) + 6) % 7
	first := max(0, int((from+cell-1)/cell))
	for i := first; i < min(dayCells, int(to/cell)); i++ {
		bit := monday*dayCells + i
		w[bit/64] |= 1 << (bit % 64)
	}
	return w
}

// free says whether cell, counted since 1970, is free.
func (w *Week) free(cell int64) bool {
	bit := weekBit(cell)
	return w[bit/64]>>(bit%64)&1 != 0
}

// parts is the coarse picture of the week: bit p is set when any half hour of the
// p-th quarter of a day is free. A week of which nothing is said is free everywhere.
func (w *Week) parts() uint32 {
	if *w == (Week{}) {
		return everyPart
	}
	var parts uint32
	for bit := range weekCells {
		if w[bit/64]>>(bit%64)&1 != 0 {
			parts |= 1 << (bit / partCells)
		}
	}
	return parts
}

func weekBit(cell int64) int {
	return int(floorMod(cell+thursday*dayCells, weekCells))
}

// window is the time of an ask: need consecutive cells out of the cells that start at
// first. Without cells the time is not known and everybody fits.
type window struct {
	zone  int64 // seconds east of UTC
	first int64
	cells int
	need  int
	parts uint32 // the parts of the day that the window touches
}

// newWindow reads the time of an ask as documented there.
func newWindow(ask *Ask) window {
	from, to := ask.From, ask.To
	if from.IsZero() && !to.IsZero() && !ask.Now.IsZero() {
		from = ask.Now.In(to.Location())
	}
	if from.IsZero() {
		return window{zone: zoneOf(ask.Now)}
	}
	if !to.After(from) {
		to = from.Add(max(ask.Length, cellSeconds*time.Second))
	}
	return newStretch(from, to, ask.Length)
}

// newStretch counts in cells: a service that fills its window is rounded outwards, one
// that may start anywhere inside starts on a full half hour and ends before to.
func newStretch(from, to time.Time, length time.Duration) window {
	w := window{zone: zoneOf(from)}
	start, end := from.Unix()+w.zone, to.Unix()+w.zone
	w.first = floorDiv(start, cellSeconds)
	w.cells = int(min(ceilDiv(end, cellSeconds)-w.first, maxCells))
	w.need = w.cells
	if length > 0 && length < to.Sub(from) {
		need := int(ceilDiv(int64(length), int64(cellSeconds*time.Second)))
		first := ceilDiv(start, cellSeconds)
		if cells := int(min(floorDiv(end, cellSeconds)-first, maxCells)); cells >= need {
			w.first, w.cells, w.need = first, cells, need
		}
	}
	w.parts = w.touched()
	return w
}

func (w *window) touched() uint32 {
	var parts uint32
	for i := range min(w.cells, weekCells) {
		parts |= 1 << (weekBit(w.first+int64(i)) / partCells)
	}
	return parts
}

// mayFit is the quick test before fits: false only for a week that cannot fit.
func (w *window) mayFit(parts uint32) bool {
	if w.need == w.cells {
		return w.parts&^parts == 0
	}
	return w.parts&parts != 0
}

// fits says whether enough consecutive cells are open.
func (w *window) fits(open func(cell int64) bool) bool {
	run := 0
	for c := w.first; run < w.need && c < w.first+int64(w.cells); c++ {
		if run++; !open(c) {
			run = 0
		}
	}
	return run >= w.need
}

// weekOf numbers the weeks from Monday to Sunday on the clock of t's own location.
func weekOf(t time.Time) int32 {
	return int32(floorDiv(floorDiv(t.Unix()+zoneOf(t), daySeconds)+thursday, 7))
}

// hourOf numbers the hours since 1970 up to the year 3883; what was before counts as
// the first.
func hourOf(t time.Time) int32 {
	return int32(min(max(t.Unix()/hourSeconds, 1), 1<<hourBits-1))
}

func zoneOf(t time.Time) int64 {
	_, zone := t.Zone()
	return int64(zone)
}

func ceilDiv(a, b int64) int64 {
	return -floorDiv(-a, b)
}

func floorDiv(a, b int64) int64 {
	return (a - floorMod(a, b)) / b
}

func floorMod(a, b int64) int64 {
	return (a%b + b) % b
}
