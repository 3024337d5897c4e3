package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"linli/internal/core/place"
	"linli/internal/kit/db"
)

const (
	testStreet    = "130104016000"
	testCommunity = "130104016901"
)

// desk is a database with one community, and what the command line does with it.
type desk struct {
	t    *testing.T
	dir  string
	file string // of the database
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{t: t, dir: t.TempDir()}
	d.file = filepath.Join(d.dir, "a.db")
	d.run("import", "places", d.divisions(testStreet[:9]))
	d.in(func(tx *db.Tx) error {
		_, err := place.Insert(tx, place.Place{ID: testCommunity, Parent: testStreet, Level: place.Community, Name: "东风路南社区"})
		return err
	})
	return d
}

// run is one command on the database; what it prints is given back.
func (d *desk) run(args ...string) string {
	d.t.Helper()
	said, err := d.try(args...)
	if err != nil {
		d.t.Fatalf("linli %s: %v\n%s", strings.Join(args, " "), err, said)
	}
	return said
}

func (d *desk) try(args ...string) (string, error) {
	d.t.Helper()
	out, err := os.CreateTemp(d.t.TempDir(), "out")
	if err != nil {
		d.t.Fatal(err)
	}
	defer out.Close()
	stdout, stderr := os.Stdout, os.Stderr
	os.Stdout, os.Stderr = out, out
	defer func() { os.Stdout, os.Stderr = stdout, stderr }()
	failed := run(d.t.Context(), append(args, "--database", d.file, "--synchronous", "NORMAL"))
	said, err := os.ReadFile(out.Name())
	if err != nil {
		d.t.Fatal(err)
	}
	return string(said), failed
}

func (d *desk) in(do func(tx *db.Tx) error) {
	d.t.Helper()
	opened, err := db.Open(d.t.Context(), d.file, db.Options{})
	if err != nil {
		d.t.Fatal(err)
	}
	defer opened.Close()
	if err := opened.Write(d.t.Context(), do); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) write(name, text string) string {
	d.t.Helper()
	name = filepath.Join(d.dir, name)
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		d.t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		d.t.Fatal(err)
	}
	return name
}

// divisions is a directory with the four lists, with one street.
func (d *desk) divisions(street string) string {
	d.t.Helper()
	for name, text := range map[string]string{
		"provinces.csv": "code,name\n13,河北省\n",
		"cities.csv":    "code,name,provinceCode\n1301,石家庄市,13\n",
		"areas.csv":     "code,name,cityCode,provinceCode\n130104,桥西区,1301,13\n130105,新华区,1301,13\n",
		"streets.csv":   "code,name,areaCode,provinceCode,cityCode\n" + street + ",东风街道," + street[:6] + ",13,1301\n",
	} {
		d.write("d/"+name, text)
	}
	return filepath.Join(d.dir, "d")
}

// TestImportPlacesFollowsCodes: a street that got another code takes all that is
// below it along, the old code still leads there, and doing it again changes nothing.
func TestImportPlacesFollowsCodes(t *testing.T) {
	d := newDesk(t)
	if said := d.run("import", "places", d.divisions(testStreet[:9])); !strings.Contains(said, "0 added, 0 changed, 5 the same, 0 closed") {
		t.Errorf("again: %q", said)
	}
	codes := d.write("codes.csv", "old,new\n130104016,130105099\n")
	if said := d.run("import", "places", d.divisions("130105099"), "--codes", codes); !strings.Contains(said, "1 added, 0 changed, 4 the same, 1 closed") {
		t.Errorf("with new codes: %q", said)
	}
	d.in(func(tx *db.Tx) error {
		moved, err := place.Get(tx, testStreet)
		if err != nil || moved.ID != "130105099000" {
			t.Errorf("the old code leads to %s: %v", moved.ID, err)
		}
		home, err := place.Get(tx, testCommunity)
		if err != nil || !strings.Contains(home.Path, "/130105000000/130105099000/") {
			t.Errorf("the community is at %s: %v", home.Path, err)
		}
		return nil
	})
	if said := d.run("import", "places", d.divisions("130105099"), "--codes", codes); !strings.Contains(said, "0 added, 0 changed, 5 the same, 0 closed") {
		t.Errorf("with new codes again: %q", said)
	}
	if _, err := d.try("import", "places", d.divisions("130105099"), "--codes", d.write("codes.csv", "old,new\n130104016,130104016\n")); err == nil || !strings.Contains(err.Error(), "codes:2") {
		t.Errorf("a code for itself: %v", err)
	}
	d.run("check")
}

// TestImportVolunteersFromTheCommandLine takes a roster of many rows with progress:
// nothing as long as a row is wrong, the others when that is wanted, and the second
// time changes nothing. BenchmarkRoster does it with 100,000 rows.
func TestImportVolunteersFromTheCommandLine(t *testing.T) {
	const n = 20_000
	d := newDesk(t)
	var b bytes.Buffer
	b.WriteString("姓名,联系电话,专业技能,可服务时间\n")
	for i := range n {
		fmt.Fprintf(&b, "志愿者%d,139%08d,理发,周末\n", i, i)
	}
	b.WriteString("=HYPERLINK(1),13700000000,理发,\n")
	roster := d.write("名单.csv", b.String())
	said, err := d.try("import", "volunteers", roster, "--place", testCommunity)
	if want := fmt.Sprintf("新 %d，改 0，没变 0，有问题 1；导入 0", n); err == nil || !strings.Contains(said, want) || !strings.Contains(said, "姓名要以文字开头") {
		t.Fatalf("with a bad row: %v, want %s in\n%s", err, want, said[max(0, len(said)-900):])
	}
	said = d.run("import", "volunteers", roster, "--place", testCommunity, "--leave-out", "--quiet")
	for _, want := range []string{"检查  5", "导入  5", fmt.Sprintf("导入 100 %%  %d of %d", n+1, n+1), fmt.Sprintf("导入 %d", n)} {
		if !strings.Contains(said, want) {
			t.Errorf("without the bad row: %s is not said: %s", want, said[max(0, len(said)-300):])
		}
	}
	said = d.run("import", "volunteers", roster, "--place", testCommunity, "--leave-out", "--quiet")
	if want := fmt.Sprintf("新 0，改 0，没变 %d，有问题 1；导入 0", n); !strings.Contains(said, want) {
		t.Errorf("again: want %s in\n%.300s", want, said[max(0, len(said)-300):])
	}
}
