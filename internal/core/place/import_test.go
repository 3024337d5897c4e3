package place

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
	"linli/internal/kit/fault"
)

// lists4 are four small lists with the streets given.
func lists4(streets ...string) fstest.MapFS {
	file := func(lines ...string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte(strings.Join(lines, "\n") + "\n")}
	}
	return fstest.MapFS{
		"provinces.csv": file("code,name", `13,"河北省"`, `44,"广东省"`),
		"cities.csv":    file("code,name,provinceCode", `1301,"石家庄市",13`, `4419,"东莞市",44`),
		"areas.csv":     file("code,name,cityCode,provinceCode", `130104,"桥西区",1301,13`, `130105,"新华区",1301,13`, `441900,"东莞市",4419,44`),
		"streets.csv":   file(append([]string{"code,name,areaCode"}, streets...)...),
	}
}

func mustImport(t *testing.T, im Importer, files fs.FS, codes io.Reader) Counts {
	t.Helper()
	counts, err := im.Import(context.Background(), files, codes)
	if err != nil {
		t.Fatal(err)
	}
	return counts
}

func read[T any](t *testing.T, d *db.DB, fn func(tx *db.Tx) (T, error)) T {
	t.Helper()
	var v T
	err := d.Read(context.Background(), func(tx *db.Tx) (err error) {
		v, err = fn(tx)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func write(t *testing.T, d *db.DB, fn func(tx *db.Tx) error) {
	t.Helper()
	if err := d.Write(context.Background(), fn); err != nil {
		t.Fatal(err)
	}
}

func mustGet(t *testing.T, d *db.DB, id string) Place {
	t.Helper()
	return read(t, d, func(tx *db.Tx) (Place, error) { return Get(tx, id) })
}

func TestImportEmbeddedTwice(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		files, err := Embedded()
		if err != nil {
			t.Fatal(err)
		}
		var reports []string
		im := Importer{DB: d, Progress: func(done, total int) { reports = append(reports, fmt.Sprint(done, "/", total)) }}
		if got, want := mustImport(t, im, files, nil), (Counts{Added: 80}); got != want {
			t.Fatalf("first import %+v, want %+v", got, want)
		}
		if len(reports) != 1 || reports[0] != "80/80" {
			t.Errorf("progress %v", reports)
		}
		if got, want := mustImport(t, im, files, nil), (Counts{Same: 80}); got != want {
			t.Fatalf("second import %+v, want %+v", got, want)
		}
		p := mustGet(t, d, "130104016000")
		if p.Name != "东风街道" || p.Path != "/130000000000/130100000000/130104000000/130104016000/" || p.District != 130104 {
			t.Errorf("street is %+v", p)
		}
	}, dbtest.With(checkTree))
}

// checkTree holds the first invariant of the package.
func checkTree(ctx context.Context, d *db.DB) error {
	return d.Read(ctx, func(tx *db.Tx) error {
		bad, err := db.All(tx, func(s db.Scanner) (id string, err error) { return id, s.Scan(&id) },
			`SELECT p.id FROM place p LEFT JOIN place a ON a.id = p.parent
			WHERE p.path <> coalesce(a.path, '/') || p.id || '/'`)
		if err == nil && len(bad) > 0 {
			err = fmt.Errorf("wrong paths: %v", bad)
		}
		return err
	})
}

func TestImportFollowsChanges(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		im := Importer{DB: d}
		mustImport(t, im, lists4(`130104016,"东风街道",130104`, `441900003,"东城街道",441900`), nil)
		if p := mustGet(t, d, "441900003000"); p.Path != "/440000000000/441900000000/441900003000/" {
			t.Errorf("street of a city without counties: %s", p.Path)
		}
		if p := mustGet(t, d, "441900000000"); p.Level != District {
			t.Errorf("a city without counties is a %s", p.Level)
		}
		renamed := lists4(`130104016,"东风路街道",130104`, `441900003,"东城街道",441900`)
		if got, want := mustImport(t, im, renamed, nil), (Counts{Changed: 1, Same: 7}); got != want {
			t.Fatalf("renaming %+v, want %+v", got, want)
		}
		if p := mustGet(t, d, "130104016000"); p.Name != "东风路街道" {
			t.Errorf("still called %s", p.Name)
		}
		if got := mustImport(t, im, renamed, nil); got != (Counts{Same: 8}) {
			t.Errorf("again %+v", got)
		}
	}, dbtest.With(checkTree))
}

func TestImportReplacesCodes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var moved []string
		im := Importer{DB: d, Moved: []Moved{func(tx *db.Tx, district int, from, to string) error {
			moved = append(moved, fmt.Sprint(district, " ", from, " ", to))
			return nil
		}}}
		before := lists4(`130104016,"东风街道",130104`)
		mustImport(t, im, before, nil)
		community := Place{ID: "130104016001", Parent: "130104016000", Level: Community, Name: "东风路南社区"}
		building := Place{ID: IDBelow(community.ID, 1), Parent: community.ID, Level: Building, Name: "1号楼"}
		write(t, d, func(tx *db.Tx) error {
			for _, p := range []Place{community, building} {
				if _, err := Insert(tx, p); err != nil {
					return err
				}
			}
			Count(tx, 130104, community.ID, "residents", 3)
			return nil
		})

		after := lists4(`130105099,"东风街道",130105`)
		codes := "old,new\n130104016,130105099\n"
		if got, want := mustImport(t, im, after, strings.NewReader(codes)), (Counts{Added: 1, Same: 6, Closed: 1}); got != want {
			t.Fatalf("replacing %+v, want %+v", got, want)
		}
		if p := mustGet(t, d, "130104016000"); p.ID != "130105099000" {
			t.Errorf("the old code leads to %s", p.ID)
		}
		path := "/130000000000/130100000000/130105000000/130105099000/130104016001/" + building.ID + "/"
		if p := mustGet(t, d, building.ID); p.Path != path || p.District != 130104 {
			t.Errorf("the building is at %s in %d", p.Path, p.District)
		}
		if len(moved) != 1 || !strings.HasPrefix(moved[0], "130104 /130000000000/130100000000/130104000000/") {
			t.Errorf("told %v", moved)
		}
		for id, want := range map[string]int64{"130105099000": 3, "130104000000": 0, "130100000000": 3, "130000000000": 3} {
			p := mustGet(t, d, id)
			got := read(t, d, func(tx *db.Tx) (map[string]int64, error) { return Sum(tx, p, "residents") })
			if got["residents"] != want {
				t.Errorf("%s counts %d residents, want %d", id, got["residents"], want)
			}
		}
		again := lists4(`130104016,"东风街道",130104`, `130105099,"东风街道",130105`)
		if got, want := mustImport(t, im, again, strings.NewReader(codes)), (Counts{Same: 8}); got != want {
			t.Errorf("old and new lists again %+v, want %+v", got, want)
		}
	}, dbtest.With(checkTree))
}

func TestImportNamesTheWrongLine(t *testing.T) {
	d := dbtest.New(t, db.SQLite)
	ok := `130104016,"东风街道",130104`
	with := func(name, text string) fs.FS {
		files := lists4(ok)
		files[name] = &fstest.MapFile{Data: []byte(text)}
		return files
	}
	without := lists4(ok)
	delete(without, "areas.csv")
	for name, c := range map[string]struct {
		files fs.FS
		codes string
		field string
		text  string
	}{
		"short code":     {lists4(ok, `13010401,"东华街道",130104`), "", "streets.csv:3", "代码要 9 位"},
		"letters":        {lists4(`13010401x,"东华街道",130104`), "", "streets.csv:2", "只有数字"},
		"unknown parent": {lists4(ok, `130199001,"东华街道",130199`), "", "streets.csv:3", "没有上级"},
		"other parent":   {lists4(ok, `130105001,"东华街道",130104`), "", "streets.csv:3", "不在上级"},
		"twice":          {lists4(ok, ok), "", "streets.csv:3", "写了两次"},
		"no name":        {lists4(ok, `130104017,"",130104`), "", "streets.csv:3", "名字"},
		"bad bytes":      {lists4(ok, "130104017,\"\xff\",130104"), "", "streets.csv:3", "UTF-8"},
		"columns":        {lists4(ok, `130104017,"东华街道"`), "", "streets.csv", "第 3 行的列数"},
		"quotes":         {lists4(ok, `130104017,"东华"街道,130104`), "", "streets.csv", "第 3 行的引号"},
		"empty":          {with("streets.csv", ""), "", "streets.csv", "空的"},
		"no heading":     {with("streets.csv", "code,name\n"), "", "streets.csv", "areaCode"},
		"no file":        {without, "", "dir", "areas.csv"},
		"codes same":     {lists4(ok), "old,new\n130104016,130104016\n", "codes:2", "一样"},
		"codes twice":    {lists4(ok), "old,new\n1302,1301\n1302,1301\n", "codes:3", "写了两次"},
		"codes unknown":  {lists4(ok), "old,new\n130104016,130104099\n", "codes", "没有"},
		"codes circle":   {lists4(ok), "old,new\n130104016,130104099\n130104099,130104016\n", "codes", "没有个头"},
		"community code": {lists4(ok), "old,new\n130104016001,130104016002\n", "codes:2", "街道"},
	} {
		t.Run(name, func(t *testing.T) {
			var codes io.Reader
			if c.codes != "" {
				codes = strings.NewReader(c.codes)
			}
			_, err := Importer{DB: d}.Import(context.Background(), c.files, codes)
			var f *fault.Error
			if !errors.As(err, &f) || f.Kind != fault.KindInvalid {
				t.Fatalf("error %v, want an invalid fault", err)
			}
			if f.Field != c.field || !strings.Contains(f.Error(), c.text) {
				t.Errorf("%v, want field %s and %q", f, c.field, c.text)
			}
		})
	}
	if p := read(t, d, func(tx *db.Tx) ([]Place, error) { return Children(tx, "") }); len(p) != 0 {
		t.Errorf("%d provinces after nothing but mistakes", len(p))
	}
}

func TestImportStopsAfterTwentyMistakes(t *testing.T) {
	var streets []string
	for i := range 50 {
		streets = append(streets, fmt.Sprintf("%d,x,130104", i))
	}
	_, err := readDivisions(lists4(streets...))
	var f *fault.Error
	if !errors.As(err, &f) || len(f.All()) != errorsMost {
		t.Fatalf("%v", err)
	}
}
