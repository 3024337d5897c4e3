package pdf

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestLinesEndWhereTheyMay: nothing is lost, no line begins or ends with a mark that may
// not, no word or number is cut, and a number stays with its unit.
func TestLinesEndWhereTheyMay(t *testing.T) {
	atoms := rapid.SliceOfN(rapid.SampledFrom([]string{"32 小时", "3 次", "2026 年", "服务", "，", "。", "（", "）", "Linli", " ", "1,200 分钟"}), 0, 40)
	rapid.Check(t, func(rt *rapid.T) {
		text := strings.Join(atoms.Draw(rt, "text"), "")
		all := pieces(text)
		if strings.Join(all, "") != text {
			rt.Fatalf("%q became %q", text, all)
		}
		for i, p := range all {
			if i > 0 && strings.ContainsAny(p[:1], ",.") || i > 0 && strings.IndexAny(p, "，。）") == 0 || i < len(all)-1 && strings.HasSuffix(p, "（") {
				rt.Errorf("%q of %q stands at the edge of a line", p, text)
			}
		}
		for _, whole := range []string{"32 小时", "3 次", "2026 年", "1,200 分钟"} {
			number, unit, _ := strings.Cut(whole, " ")
			for i := range len(all) - 1 {
				if strings.HasSuffix(all[i], number+" ") && strings.HasPrefix(all[i+1], unit[:3]) {
					rt.Errorf("%q is cut after %q in %q", whole, all[i], text)
				}
			}
		}
	})
	want := []string{"共 ", "32 小", "时，", "其", "中"}
	if got := pieces("共 32 小时，其中"); strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("%q", got)
	}
}
