package credential

import (
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
)

// TestCanonicalVectors holds the canonical form against the test data of RFC 8785.
func TestCanonicalVectors(t *testing.T) {
	files, err := filepath.Glob("testdata/jcs/*.in.json")
	if err != nil || len(files) < 6 {
		t.Fatal(files, err)
	}
	for _, name := range files {
		in, want := file(t, name), file(t, strings.Replace(name, ".in.", ".out.", 1))
		if strings.Contains(name, "arrays") { // no object: a document is one
			in, want = []byte(`{"a":`+string(in)+`}`), []byte(`{"a":`+string(want)+`}`)
		}
		d, err := Read(in)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got, err := d.Canonical()
		if err != nil || string(got) != string(want) {
			t.Errorf("%s: %v\n%s, want\n%s", name, err, got, want)
		}
	}
}

// TestCanonicalNumbers is appendix B of RFC 8785.
func TestCanonicalNumbers(t *testing.T) {
	for bits, want := range map[uint64]string{
		0x0000000000000000: "0",
		0x8000000000000000: "0",
		0x0000000000000001: "5e-324",
		0x8000000000000001: "-5e-324",
		0x7fefffffffffffff: "1.7976931348623157e+308",
		0xffefffffffffffff: "-1.7976931348623157e+308",
		0x4340000000000000: "9007199254740992",
		0xc340000000000000: "-9007199254740992",
		0x4430000000000000: "295147905179352830000",
		0x44b52d02c7e14af5: "9.999999999999997e+22",
		0x44b52d02c7e14af6: "1e+23",
		0x44b52d02c7e14af7: "1.0000000000000001e+23",
		0x444b1ae4d6e2ef4e: "999999999999999700000",
		0x444b1ae4d6e2ef4f: "999999999999999900000",
		0x444b1ae4d6e2ef50: "1e+21",
		0x3eb0c6f7a0b5ed8c: "9.999999999999997e-7",
		0x3eb0c6f7a0b5ed8d: "0.000001",
		0x41b3de4355555553: "333333333.3333332",
		0x41b3de4355555554: "333333333.33333325",
		0x41b3de4355555555: "333333333.3333333",
		0x41b3de4355555556: "333333333.3333334",
		0x41b3de4355555557: "333333333.33333343",
		0xbecbf647612f3696: "-0.0000033333333333333333",
		0x43143ff3c1cb0959: "1424953923781206.2",
	} {
		got, err := Document{"n": math.Float64frombits(bits)}.Canonical()
		if err != nil || string(got) != `{"n":`+want+`}` {
			t.Errorf("%016x: %s %v, want %s", bits, got, err, want)
		}
	}
	for _, bits := range []uint64{0x7fffffffffffffff, 0x7ff0000000000000} {
		if got, err := (Document{"n": math.Float64frombits(bits)}).Canonical(); err == nil {
			t.Errorf("%016x: %s, which is no JSON", bits, got)
		}
	}
}

// TestHostileTexts are refused in words, quickly.
func TestHostileTexts(t *testing.T) {
	deep := strings.Repeat(`{"a":`, 100) + "1" + strings.Repeat("}", 100)
	for name, c := range map[string]struct{ text, want string }{
		"nothing":              {"", "不是规范的 JSON"},
		"a list":               {"[1]", "JSON 对象"},
		"null":                 {"null", "JSON 对象"},
		"two documents":        {`{} {}`, "JSON 对象"},
		"cut off":              {`{"a":`, "不是规范的 JSON"},
		"name twice":           {`{"type":"a","type":"b"}`, "不是规范的 JSON"},
		"name twice, escaped":  {`{"type":"a","\u0074ype":"b"}`, "不是规范的 JSON"},
		"name twice, deep":     {`{"a":[{"b":1,"b":2}]}`, "不是规范的 JSON"},
		"no UTF-8":             {"{\"a\":\"\xff\"}", "不是规范的 JSON"},
		"lone high surrogate":  {`{"a":"\ud842"}`, "不是规范的 JSON"},
		"lone low surrogate":   {`{"a":"\udfb7"}`, "不是规范的 JSON"},
		"encoded surrogate":    {"{\"a\":\"\xed\xa1\x82\"}", "不是规范的 JSON"},
		"byte order mark":      {"\ufeff{}", "不是规范的 JSON"},
		"comment":              {`{"a":1/*x*/}`, "不是规范的 JSON"},
		"NaN":                  {`{"a":NaN}`, "不是规范的 JSON"},
		"leading zero":         {`{"a":01}`, "不是规范的 JSON"},
		"number out of range":  {`{"a":1e400}`, "太大"},
		"integer out of range": {`{"a":9007199254740993}`, "太大"},
		"huge integer":         {`{"a":` + strings.Repeat("9", 5000) + `}`, "太大"},
		"deep":                 {deep, "太深"},
		"deep list":            {`{"a":` + strings.Repeat("[", 10_000), "太深"},
		"huge":                 {`{"a":"` + strings.Repeat("x", mostBytes) + `"}`, "太大了"},
	} {
		_, err := Read([]byte(c.text))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, name := range []string{"testdata/eddsa/signed.json", "testdata/jcs/weird.in.json", "testdata/jcs/values.in.json"} {
		f.Add(file(f, name))
	}
	f.Add([]byte(`{"a":[1e21,-0,"\ud842\udfb7",{"€":null}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		d, err := Read(text)
		if err != nil {
			return
		}
		once, err := d.Canonical()
		if err != nil {
			t.Fatalf("%q has no canonical form: %v", text, err)
		}
		again, err := Read(once)
		if err != nil {
			t.Fatalf("canonical %q cannot be read: %v", once, err)
		}
		if twice, _ := again.Canonical(); string(twice) != string(once) {
			t.Fatalf("%q becomes %q", once, twice)
		}
		if direct := jsontext.Value(text); direct.Canonicalize() == nil && string(direct) != string(once) {
			t.Fatalf("%q by way of Go values, %q without", once, direct)
		}
	})
}

// FuzzVerify looks only for crashes and for strangers who get in.
func FuzzVerify(f *testing.F) {
	f.Add(file(f, "testdata/eddsa/signed.json"))
	signed := sign(f, badge())
	text, err := signed.Indented()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	good, err := signed.Canonical()
	if err != nil {
		f.Fatal(err)
	}
	trust := trust()
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := Verify(text, trust)
		if err != nil {
			return
		}
		if got, _ := r.Document.Canonical(); string(got) != string(good) {
			t.Fatalf("stands, and was never signed: %s", got)
		}
	})
}

func file(t testing.TB, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return []byte(strings.TrimSuffix(string(text), "\n"))
}

// TestIntegersStayWhole: an index and a count are written without a fraction.
func TestIntegersStayWhole(t *testing.T) {
	for _, n := range []int{0, -1, 131_071, exactInteger, -exactInteger} {
		got, err := Document{"n": n}.Canonical()
		if err != nil || string(got) != `{"n":`+strconv.Itoa(n)+`}` {
			t.Errorf("%d: %s %v", n, got, err)
		}
	}
}
