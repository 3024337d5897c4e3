package match

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func TestTreeHoldsWhatWasPut(t *testing.T) {
	for seed := range uint64(8) {
		r := rand.New(rand.NewPCG(seed, 5))
		var tr tree
		var keys []key
		held := map[key]record{}
		for step := range 5000 {
			if len(keys) > 0 && r.IntN(6000) < step {
				i := r.IntN(len(keys))
				tr.remove(keys[i])
				delete(held, keys[i])
				keys = slices.Delete(keys, i, i+1)
				continue
			}
			rec := treeRecord(r, uint32(step))
			tr.insert(rec)
			held[rec.key] = rec
			keys = append(keys, rec.key)
		}
		tr.remove(key{1 << 63, 0})
		checkTree(t, &tr, held)
		for k := range held {
			if got := tr.find(k); got == nil || *got != held[k] {
				t.Fatalf("find(%v) = %v", k, got)
			}
			tr.remove(k)
		}
		if !tr.empty() || tr.find(key{}) != nil {
			t.Fatal("not empty after everything was removed")
		}
	}
}

// treeRecord makes keys that often differ by their serial only.
func treeRecord(r *rand.Rand, serial uint32) record {
	order := uint64(r.IntN(50))
	at := spot{int32(order), int32(r.IntN(100)), -int32(order)}
	return record{
		key: key{order, serial}, turn: turn(r.Uint64() >> 16), at: at, parts: r.Uint32() & r.Uint32() & r.Uint32(),
		walk: uint16(r.IntN(60)), base: uint16(r.IntN(1000)),
	}
}

// checkTree checks order, depth, sizes and that every summary is just what is below.
func checkTree(t *testing.T, tr *tree, held map[key]record) {
	t.Helper()
	var records []record
	depths := map[int]bool{}
	var walk func(b *branch, depth int)
	walk = func(b *branch, depth int) {
		if len(b.kids) == 0 {
			depths[depth] = true
			records = append(records, b.recs...)
		}
		if len(b.kids) >= fanout || len(b.recs) >= leafSize || b.empty() || len(b.kids) > 0 && len(b.recs) > 0 {
			t.Fatalf("a branch with %d kids and %d records", len(b.kids), len(b.recs))
		}
		renewed := newBranch(b.kids, b.recs)
		if renewed.summary != b.summary || b.low.compare(renewed.low) > 0 {
			t.Fatalf("summary %+v from %v, want %+v from %v", b.summary, b.low, renewed.summary, renewed.low)
		}
		for i := range b.kids {
			walk(&b.kids[i], depth+1)
		}
	}
	walk(&tr.root, 0)
	if len(depths) != 1 || len(records) != len(held) {
		t.Fatalf("depths %v, %d records of %d", depths, len(records), len(held))
	}
	if !slices.IsSortedFunc(records, func(a, b record) int { return a.key.compare(b.key) }) {
		t.Fatal("records out of order")
	}
	for _, r := range records {
		if held[r.key] != r {
			t.Fatalf("record %+v, want %+v", r, held[r.key])
		}
	}
}
