package dimacs

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

// small is one order, one volunteer, one sink.
const small = "p min 3 3\nn 1 2\nn 3 -2\na 1 2 0 2 5\na 2 3 0 2 1\na 1 3 0 2 90\n"

func packed(t testing.TB, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestReadTakesEverySpelling(t *testing.T) {
	want := &Network{
		Supply: []int64{2, 0, -2},
		Arcs:   []Arc{{0, 1, 0, 2, 5}, {1, 2, 0, 2, 1}, {0, 2, 0, 2, 90}},
	}
	long := "c " + strings.Repeat("x", 3*longestLine) + "\n"
	for name, text := range map[string]string{
		"plain":            small,
		"packed":           string(packed(t, small)),
		"no last line end": strings.TrimSuffix(small, "\n"),
		"CRLF":             strings.ReplaceAll(small, "\n", "\r\n"),
		"tabs":             strings.ReplaceAll(small, " ", "\t"),
		"blanks":           strings.ReplaceAll(strings.ReplaceAll(small, " ", "   "), "\n", "  \n"),
		"indented":         "  " + strings.ReplaceAll(small, "\n", "\n  "),
		"comments":         "c made by hand\n\nc\ncost of everything\n" + strings.ReplaceAll(small, "\n", "\nc\n"),
		"long comment":     long + small + strings.TrimSuffix(long, "\n"),
		"leading zeros":    strings.ReplaceAll(small, "90", "0000000000000000090"),
		"supplies last":    "p min 3 3\na 1 2 0 2 5\na 2 3 0 2 1\na 1 3 0 2 90\nn 3 -2\nn 1 2\n",
	} {
		ways := []io.Reader{strings.NewReader(text), iotest.DataErrReader(strings.NewReader(text))}
		if len(text) < 1000 {
			ways = append(ways, iotest.OneByteReader(strings.NewReader(text)))
		}
		for way, in := range ways {
			if got, err := Read(in); err != nil || !cmp.Equal(want, got) {
				t.Errorf("%s, %d: %v\n%s", name, way, err, cmp.Diff(want, got))
			}
		}
	}
}

func TestReadNamesTheLine(t *testing.T) {
	zip := packed(t, small)
	for name, c := range map[string]struct{ text, want string }{
		"empty":               {"", "line 0: the file has no problem line"},
		"comments only":       {"c nothing\nc here\n", "line 2: the file has no problem line"},
		"arc first":           {"c\na 1 2 0 1 1\np min 2 1\n", "line 2: the problem line must come first"},
		"node first":          {"n 1 1\n", "line 1: the problem line must come first"},
		"two problems":        {small + "p min 3 3\n", "line 7: is a second problem line"},
		"other problem":       {"p max 3 3\n", `line 1: is a problem of kind "max", expected min`},
		"no kind":             {"p\n", `line 1: is a problem of kind "", expected min`},
		"no arcs":             {"p min 3\n", "line 1: arcs is missing"},
		"no nodes":            {"p min 0 3\n", "line 1: nodes 0 is not within 1 and 268435456"},
		"too many nodes":      {"p min 268435457 3\n", "line 1: nodes 268435457 is not within 1 and 268435456"},
		"too many arcs":       {"p min 3 1073741825\n", "line 1: arcs 1073741825 is not within 0 and 1073741824"},
		"negative arcs":       {"p min 3 -1\n", "line 1: arcs -1 is not within 0 and 1073741824"},
		"idle nodes":          {"p min 100000000 0\n", "line 1: of the 100000000 nodes that the problem line says, 0 at most are in the file"},
		"missing arcs":        {"p min 3 4\n" + small[10:], "line 6: the file ends after 3 of 4 arcs"},
		"one arc more":        {"p min 3 2\n" + small[10:], "line 6: has one arc more than the 2 that the problem line says"},
		"unbalanced":          {strings.Replace(small, "n 1 2", "n 1 3", 1), "line 6: supplies and demands are not balanced, +1 units are over"},
		"node twice":          {small + "n 1 2\n", "line 7: gives the supply of node 1 a second time"},
		"node 0":              {"p min 3 3\nn 0 1\n", "line 2: node 0 is not within 1 and 3"},
		"node 4":              {"p min 3 3\nn 4 1\n", "line 2: node 4 is not within 1 and 3"},
		"supply missing":      {"p min 3 3\nn 1\n", "line 2: supply is missing"},
		"supply huge":         {"p min 3 3\nn 1 2147483648\n", "line 2: supply 2147483648 is not within -2147483647 and 2147483647"},
		"from 0":              {"p min 3 3\na 0 2 0 1 1\n", "line 2: from 0 is not within 1 and 3"},
		"to 4":                {"p min 3 3\na 1 4 0 1 1\n", "line 2: to 4 is not within 1 and 3"},
		"far away":            {"p min 3 3\na 1 4294967298 0 1 1\n", "line 2: to 4294967298 is not within 1 and 3"},
		"negative capacity":   {"p min 3 3\na 1 2 0 -1 1\n", "line 2: capacity -1 is not within 0 and 9223372036854775807"},
		"negative bound":      {"p min 3 3\na 1 2 -1 1 1\n", "line 2: lower bound -1 is not within 0 and 9223372036854775807"},
		"bound over capacity": {"p min 3 3\na 1 2 3 2 1\n", "line 2: has a lower bound 3 above its capacity 2"},
		"beyond 64 bits":      {"p min 3 3\na 1 2 0 1 9223372036854775808\n", `line 2: cost "9223372036854775808" is not a whole number of 64 bits`},
		"fraction":            {"p min 3 3\na 1 2 0 1 1.5\n", `line 2: cost "1.5" is not a whole number of 64 bits`},
		"plus":                {"p min 3 3\na 1 2 0 +1 1\n", `line 2: capacity "+1" is not a whole number of 64 bits`},
		"lone minus":          {"p min 3 3\na 1 2 0 1 -\n", `line 2: cost "-" is not a whole number of 64 bits`},
		"cost missing":        {"p min 3 3\nc\na 1 2 0 1\n", "line 3: cost is missing"},
		"a field more":        {"p min 3 3\na 1 2 0 1 1 1\n", "line 2: has more fields than expected"},
		"glued":               {"p min 3 3\na1 2 0 1 1\n", `line 2: begins with "a1", expected c, p, n or a`},
		"other line":          {"p min 3 3\nx 1 2\n", `line 2: begins with "x", expected c, p, n or a`},
		"binary":              {"\x00\x01\x02", "line 1: the problem line must come first"},
		"byte order mark":     {"\xef\xbb\xbf" + small, "line 1: the problem line must come first"},
		"old Mac":             {strings.ReplaceAll(small, "\n", "\r"), "line 1: has more fields than expected"},
		"long line":           {"p min 3 3\na" + strings.Repeat(" ", longestLine) + "1 2 0 1 1\n", "line 2: is longer than 262144 characters"},
		"cut in an arc":       {small[:len(small)-3], "line 6: cost is missing"},
		"cut in a number":     {strings.TrimSuffix(small, "a 1 3 0 2 90\n"), "line 5: the file ends after 2 of 3 arcs"},
		"packed, no header":   {string(zip[:5]), "line 1: unpacking: unexpected EOF"},
		"packed, cut":         {string(zip[:len(zip)-12]), "reading: unexpected EOF"},
		"packed, no sum":      {string(zip[:len(zip)-8]), "line 7: reading: unexpected EOF"},
		"packed, wrong sum":   {string(zip[:len(zip)-8]) + "12345678", "line 7: reading: gzip: invalid checksum"},
		"packed, more behind": {string(zip) + small, "line 7: reading: gzip: invalid header"},
	} {
		_, err := Read(strings.NewReader(c.text))
		if err == nil || !strings.HasSuffix(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "line ") {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
}

// TestReadPassesOnWhatFails keeps the reason of a reader that breaks.
func TestReadPassesOnWhatFails(t *testing.T) {
	_, err := Read(io.MultiReader(strings.NewReader(small), iotest.ErrReader(io.ErrClosedPipe)))
	if want := "line 7: reading: io: read/write on closed pipe"; err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

func TestReadTakesNoMemoryOnAWord(t *testing.T) {
	for _, text := range []string{
		fmt.Sprintf("p min %d %d\n", MaxNodes, MaxArcs),
		fmt.Sprintf("p min %d 0\nn %d 1\n", MaxNodes, MaxNodes),
		fmt.Sprintf("p min %d %d\na 1 %d 0 1 1\n", MaxNodes, MaxArcs, MaxNodes),
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if _, err := Read(strings.NewReader(text)); err == nil {
			t.Errorf("%q is taken", text)
		}
		runtime.ReadMemStats(&after)
		if took := after.TotalAlloc - before.TotalAlloc; took > 2<<20 {
			t.Errorf("%q took %d bytes", text, took)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(small))
	f.Add(packed(f, small))
	f.Add([]byte("p min 2 1\r\nn 1 1\nn 2 -1\na 1 2 0 1 -7\nc\n"))
	f.Add([]byte("p min 268435456 1073741824\na 1 268435456 0 9223372036854775807 9223372036854775807\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		n, err := Read(bytes.NewReader(data))
		if err != nil {
			if !strings.HasPrefix(err.Error(), "line ") {
				t.Errorf("the line is missing: %v", err)
			}
			return
		}
		again, err := Read(strings.NewReader(written(n)))
		if err != nil || !cmp.Equal(n, again) {
			t.Errorf("written and read again: %v\n%s", err, cmp.Diff(n, again))
		}
		if len(n.Supply) <= 1000 && len(n.Arcs) <= 1000 {
			solveAny(t, n)
		}
	})
}

// written is the network in the format.
func written(n *Network) string {
	var b strings.Builder
	fmt.Fprintf(&b, "p min %d %d\n", len(n.Supply), len(n.Arcs))
	for v, units := range n.Supply {
		if units != 0 {
			fmt.Fprintf(&b, "n %d %d\n", v+1, units)
		}
	}
	for _, a := range n.Arcs {
		fmt.Fprintf(&b, "a %d %d %d %d %d\n", a.From+1, a.To+1, a.Low, a.Capacity, a.Cost)
	}
	return b.String()
}

// BenchmarkRead tells the megabytes a second of text.
func BenchmarkRead(b *testing.B) {
	var text strings.Builder
	const arcs = 1_000_000
	fmt.Fprintf(&text, "p min 11001 %d\nn 1 1\nn 11001 -1\n", arcs)
	for k := range arcs {
		fmt.Fprintf(&text, "a %d %d 0 1 %d\n", k%9000+1, 9001+k%2000, k%3000)
	}
	b.SetBytes(int64(text.Len()))
	for b.Loop() {
		if _, err := Read(strings.NewReader(text.String())); err != nil {
			b.Fatal(err)
		}
	}
}
