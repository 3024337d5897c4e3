package place

import (
	"slices"
	"testing"

	"linli/internal/kit/dbtest"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

func TestIDSaysItsDistrictAndCommunity(t *testing.T) {
	for _, c := range []struct {
		id        string
		district  int
		community string
	}{
		{"130000000000", 130000, ""},
		{"130104016000", 130104, ""},
		{"130104016001", 130104, "130104016001"},
		{IDBelow("130104016001", 7), 130104, "130104016001"},
		{"x30104016001", 0, ""}, {"", 0, ""}, {"130104", 0, ""},
	} {
		if DistrictOf(c.id) != c.district || CommunityOf(c.id) != c.community {
			t.Errorf("%q: district %d, community %q, want %d, %q", c.id, DistrictOf(c.id), CommunityOf(c.id), c.district, c.community)
		}
	}
}

func TestIDsBelowACommunityDiffer(t *testing.T) {
	seen := map[string]bool{}
	for i := range uint64(1000) {
		id := IDBelow("130104016001", i)
		if seen[id] {
			t.Fatalf("%s twice", id)
		}
		seen[id] = true
	}
}

func TestTreeOrderCountsHouses(t *testing.T) {
	want := []string{"1号楼", "2号楼", "2号楼甲", "10号楼", "甲1号", "甲12号"}
	var places []Place
	for _, name := range []string{"甲12号", "10号楼", "2号楼甲", "1号楼", "甲1号", "2号楼"} {
		places = append(places, Place{ID: name, Level: Building, Name: name})
	}
	slices.SortFunc(places, inTreeOrder)
	for i, p := range places {
		if p.Name != want[i] {
			t.Fatalf("place %d is %s, want %s", i, p.Name, want[i])
		}
	}
}

func TestEveryLevelHasALabelAndItsChildren(t *testing.T) {
	for i, l := range Levels() {
		if l.Label() == string(l) {
			t.Errorf("%s has no label", l)
		}
		for _, below := range l.Below() {
			if slices.Index(Levels(), below) <= i && below != Estate {
				t.Errorf("%s below %s", below, l)
			}
		}
	}
}
