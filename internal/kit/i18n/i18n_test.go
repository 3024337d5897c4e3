package i18n

import (
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

func load(t *testing.T, files map[string]string) (*Catalog, error) {
	t.Helper()
	tree := fstest.MapFS{}
	for name, text := range files {
		tree[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return Load(tree, "en*.json")
}

func TestT(t *testing.T) {
	c, err := load(t, map[string]string{
		"en.json":       `{"你好": "Hello", "%s 找 %s": "%[2]s wanted by %[1]s", "还有 %d 单": "%d more order|%d more orders", "100%": "all", "居民": "Resident", "居民¦们": "Residents"}`,
		"en.other.json": `{"再见": "Goodbye"}`,
		"zh.json":       `{"你好": "unused"}`,
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		lang Lang
		msg  string
		args []any
		want string
	}{
		{Zh, "你好", nil, "你好"},
		{En, "你好", nil, "Hello"},
		{En, "再见", nil, "Goodbye"},
		{En, "没翻译", nil, "没翻译"},
		{En, "没翻译 %d", []any{3}, "没翻译 3"},
		{Zh, "%s 找 %s", []any{"甲", "乙"}, "甲 找 乙"},
		{En, "%s 找 %s", []any{"A", "B"}, "B wanted by A"},
		{En, "还有 %d 单", []any{1}, "1 more order"},
		{En, "还有 %d 单", []any{int64(2)}, "2 more orders"},
		{En, "还有 %d 单", []any{0}, "0 more orders"},
		{Zh, "100%", nil, "100%"},
		{En, "100%", nil, "all"},
		{Zh, "居民¦们", nil, "居民"},
		{En, "居民¦们", nil, "Residents"},
		{En, "没翻译¦们", nil, "没翻译"},
	} {
		if got := c.T(tt.lang, tt.msg, tt.args...); got != tt.want {
			t.Errorf("T(%s, %q, %v) = %q, want %q", tt.lang, tt.msg, tt.args, got, tt.want)
		}
	}
	if !c.Has("再见") || c.Has("没翻译") {
		t.Error("Has is wrong")
	}
	if n := len(c.Messages()); n != 7 {
		t.Errorf("Messages: %d, want 7", n)
	}
}

func TestLoadMerges(t *testing.T) {
	if _, err := load(t, map[string]string{"en.json": `{`}); err == nil {
		t.Error("broken JSON was accepted")
	}
	c, err := load(t, map[string]string{"en.a.json": `{"你好":"Hello"}`, "en.b.json": `{"你好":"Hi","再见":"Bye"}`})
	if err != nil || c.T(En, "你好") != "Hello" || c.T(En, "再见") != "Bye" {
		t.Errorf("the first file does not win: %v", err)
	}
}

func TestMatch(t *testing.T) {
	for _, tt := range []struct {
		chosen, accept string
		want           Lang
	}{
		{"", "", Zh},
		{"", "zh-CN,zh;q=0.9,en;q=0.8", Zh},
		{"", "zh-TW", Zh},
		{"", "en-GB,en;q=0.9", En},
		{"", "fr-FR,en;q=0.4", En},
		{"", "ja", Zh},
		{"", "\x00;;;", Zh},
		{"en", "zh-CN", En},
		{"zh", "en", Zh},
		{"klingon", "en", En},
	} {
		if got := Match(tt.chosen, tt.accept); got != tt.want {
			t.Errorf("Match(%q, %q) = %s, want %s", tt.chosen, tt.accept, got, tt.want)
		}
	}
	if Zh.Tag() != "zh-CN" || En.Tag() != "en" {
		t.Error("Tag is wrong")
	}
}

func TestFind(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("a.go", "package a\nfunc f() {\n ui.T(ctx, \"甲\")\n ui.T(ctx, plain)\n ui.T(ctx, \"latin\")\n other(\"不算\")\n _ = S{Label: \"乙\", Name: \"不算\"}\n}\n")
	write("b.go", "package b\nfunc g() { T(ctx, `甲`) }\n")
	write("a_test.go", "package a\nfunc h() { ui.T(ctx, \"测试\") }\n")
	uses, err := Find(dir, Rules{Calls: map[string]int{"ui.T": 1, "T": 1}, Fields: []string{"Label"}})
	if err != nil {
		t.Fatal(err)
	}
	want := []Use{
		{"乙", []string{filepath.Join(dir, "a.go") + ":7:15"}},
		{"甲", []string{filepath.Join(dir, "a.go") + ":3:12", filepath.Join(dir, "b.go") + ":2:19"}},
	}
	if diff := cmp.Diff(want, uses); diff != "" {
		t.Error(diff)
	}
	write("broken.go", "package")
	if _, err := Find(dir, Rules{}); err == nil {
		t.Error("a file that does not parse was passed over")
	}
}
