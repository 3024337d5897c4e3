package ui

import (
	"fmt"
	"slices"
	"strings"
	"sync"
)

// The street that stands still: the far row of houses and the near one.
const (
	farWalls  = "M-10 74h60v58h-60zM60 74h74v58h-74zM138 74h74v58h-74zM222 74h74v58h-74zM314 74h46v58h-46zM364 60h60v72h-60zM428 74h46v58h-46zM492 74h60v58h-60zM570 74h46v58h-46zM634 44h74v88h-74zM712 44h74v88h-74zM796 74h46v58h-46zM846 74h74v58h-74zM930 74h60v58h-60zM1008 44h46v88h-46zM1064 44h74v88h-74zM1142 44h46v88h-46z"
	nearWalls = "M-14 48h87v84h-87zM83 63h74v69h-74zM181 33h87v99h-87zM292 48h113v84h-113zM421 48h113v84h-113zM550 48h87v84h-87zM661 63h87v69h-87zM772 33h100v99h-100zM888 48h113v84h-113zM1025 63h74v69h-74zM1123 48h113v84h-113z"
)

// Windows is how many can be lit; more work done lights no more.
const Windows = 342

// house is one near wall: where its windows begin, and how many there are.
type house struct{ x, y, columns, rows int }

func houses() []house {
	return []house{
		{5, 55, 5, 5}, {89, 70, 5, 4}, {187, 40, 6, 6}, {298, 55, 8, 5}, {427, 55, 8, 5}, {556, 55, 6, 5},
		{667, 70, 6, 4}, {778, 40, 7, 6}, {894, 55, 8, 5}, {1031, 70, 5, 4}, {1129, 55, 5, 5},
	}
}

// pane is one window: how it is drawn, and the when-th to be lit.
type pane struct {
	path string
	when int
}

// panes are all windows in order of place. The order of lighting is scattered
// over the street but never changes, so a lit window stays lit.
var panes = sync.OnceValue(func() []pane {
	var all []pane
	for _, h := range houses() {
		for i := range h.columns * h.rows {
			x, y := h.x+13*(i%h.columns), h.y+15*(i/h.columns)
			all = append(all, pane{path: fmt.Sprintf("M%d %dh8v9h-8z", x, y)})
		}
	}
	for when, i := range scattered(len(all)) {
		all[i].when = when
	}
	return all
})

// scattered is a fixed shuffle of 0…n-1.
func scattered(n int) []int {
	order, hash := make([]int, n), make([]uint32, n)
	for i := range n {
		order[i] = i
		hash[i] = uint32(i+1) * 2654435761
		hash[i] = (hash[i] ^ hash[i]>>15) * 2246822519
	}
	slices.SortFunc(order, func(a, b int) int {
		if hash[a] < hash[b] {
			return -1
		}
		return 1
	})
	return order
}

// windowPath draws the windows that are lit from-th up to, not including, to-th.
func windowPath(from, to int) string {
	var path strings.Builder
	for _, p := range panes() {
		if from <= p.when && p.when < to {
			path.WriteString(p.path)
		}
	}
	return path.String()
}
