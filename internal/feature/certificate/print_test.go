package certificate

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"

	"linli/internal/kit/fault"
)

// sample is a certificate with everything on it.
func sample() Certificate {
	return Certificate{
		District: district, Code: "130104ABCDEFGHJK", State: Issued, Number: "LL-130104016001-20261123-0001", From: day(2026, 1, 1), To: day(2026, 11, 23),
		Minutes: 3060, IssuedAt: time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC), Remark: "用于升学", Paper: Paper{
			Name: "孙淑琴", Document: "身份证", DocumentNo: "1301**********1226", VolunteerNo: "1301040000000017", Place: "东风路南社区", Times: 34, Minutes: 3060,
			Kinds: []KindTimes{{"入户探望", 23, 1380}, {"陪看病", 11, 1680}}, Places: []string{"东风路南社区"}, AllSatisfied: true,
			Unit: "东风路南社区服务站", Phone: "0311-5550-0126", Head: "郑强", Handler: "周敏",
		},
	}
}

// TestPDF: under 300 KB, with the type embedded, for names of all kinds.
func TestPDF(t *testing.T) {
	for _, name := range []string{"孙淑琴", "𠮷田健", "李䶮", "阿卜杜热依木·买买提依明", "Anne-Marie Müller"} {
		c := sample()
		c.Paper.Name = name
		file, err := c.PDF(origin)
		if err != nil || len(file) > 300_000 || !bytes.HasPrefix(file, []byte("%PDF-1.7")) || !bytes.Contains(file, []byte("/FontFile2")) {
			t.Errorf("%s: %d bytes, %v", name, len(file), err)
		}
		if dir := os.Getenv("PDF_DIR"); dir != "" {
			if err := os.WriteFile(dir+"/"+name+".pdf", file, 0o600); err != nil {
				t.Error(err)
			}
		}
	}
}

// TestWhatCannotBePrintedIsSaid: no character is left out in silence.
func TestWhatCannotBePrintedIsSaid(t *testing.T) {
	c := sample()
	c.Paper.Name = "孙𪚥琴"
	_, err := c.PDF(origin)
	refused(t, "a character without a glyph", err, fault.KindConflict, "“𪚥”")
}

// TestWhatStandsOnPaper holds the paper against the four blocks of 民发〔2015〕149号:
// who, what and how long, who issues, number, date and remark.
func TestWhatStandsOnPaper(t *testing.T) {
	p := sample().printed(origin)
	all := strings.Join(append(append([]string{p.number, p.code, p.name, p.deed, p.date, p.identity}, p.lines...), p.unit...), "\n")
	for _, want := range []string{"孙淑琴", "身份证 1301**********1226", "志愿者编号 1301040000000017", "34 次", "51 小时", "入户探望 23 次，陪看病 11 次", "都说满意",
		"东风路南社区服务站", "负责人 郑强", "经办人 周敏", "0311-5550-0126", "LL-130104016001-20261123-0001", "2026 年 11 月 23 日", "备注：用于升学", "平台记录"} {
		if !strings.Contains(all, want) {
			t.Errorf("no %q on\n%s", want, all)
		}
	}
	c := sample()
	c.Paper.Ministry, c.Paper.Handler, c.Paper.Head = "1301040001", "", ""
	p = c.printed(origin)
	all = strings.Join(append(p.lines, p.unit...), "\n")
	if strings.Contains(all, "平台记录") || !strings.Contains(all, "1301040001") || !strings.Contains(all, "本人在平台自助开具") {
		t.Error(all)
	}
}

// TestWordsOfLengthsAndPeriods reads what a certificate says of time.
func TestWordsOfLengthsAndPeriods(t *testing.T) {
	for minutes, want := range map[int64]string{45: "45 分钟", 60: "1 小时", 390: "6 小时 30 分钟", 3060: "51 小时"} {
		if got := hoursText(minutes); got != want {
			t.Errorf("%d minutes are %q", minutes, got)
		}
	}
	if got := periodText(day(2025, 3, 1), day(2026, 2, 28)); got != "2025 年 3 月 1 日至 2026 年 2 月 28 日" {
		t.Error(got)
	}
	p := Paper{Place: "甲社区", Places: []string{"甲社区", "乙社区", "丙社区"}}
	if got := p.placesText(); got != "甲社区等 3 个社区" {
		t.Error(got)
	}
	for range 6 {
		p.Kinds = append(p.Kinds, KindTimes{"理发", 1, 30})
	}
	if got := p.kindsText(); !strings.HasSuffix(got, "还有别的 2 种") {
		t.Error(got)
	}
}

func TestCodesCannotBeMistaken(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		code := newCode(district)
		if d, ok := districtOfCode(code); !ok || d != district || strings.ContainsAny(code[6:], "IOL0") || seen[code] {
			t.Fatal(code)
		}
		seen[code] = true
	}
}

func BenchmarkPDF(b *testing.B) {
	c := sample()
	for b.Loop() {
		if _, err := c.PDF(origin); err != nil {
			b.Fatal(err)
		}
	}
}
