package plan

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"linli/internal/core/calendar"
	"linli/internal/core/transfer"
	"linli/match"
)

// TestFilesFromTheField plans from two small lists as they are really kept: titles above
// the headings, columns in any order, half of the cells empty.
func TestFilesFromTheField(t *testing.T) {
	dir := t.TempDir()
	put := func(name, text string) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	o := Options{
		Orders: put("needs.csv", `邮电园社区需求清单
序号,需求类别,服务对象,所在网格,服务地点,紧急程度,期望时间,状态,结对志愿者
1,理发,孟桂兰,邮电园社区第三网格,幸福小区5号楼2单元,紧急,周六上午,,韩立新
2,换灯泡,李奶奶,邮电园社区第一网格,,,2026-03-05 14:00-15:00,待派单,
3,开飞船,王大爷,邮电园社区第一网格,,,,,
4,理发,赵爷爷,邮电园社区第一网格,,,周六上午,已完成,
5,法律咨询,=1+1,邮电园社区第二网格,,,,,
合计,5单,,,,,,,
`),
		Helpers: put("roster.csv", `姓名,手机,居住区域,居住地址,专业技能,可服务时间,是否同意信息使用
韩立新,13900000001,邮电园社区居委会,幸福小区5号楼,理发,周末,是
孙淑琴,13900000002,邮电园社区,,换灯泡、修水管,随时,
郭建民,13900000003,邮电园社区,,换灯泡,半夜三更,是
林小雨,13900000004,邮电园社区,,换灯泡,,否
孙淑琴,13900000002,邮电园社区,,换灯泡,,是
吴军,13900000005,邮电园社区,,开飞船,,是
`),
		Out: filepath.Join(dir, "plan.csv"), Now: monday(), Progress: func(string, float64) {},
	}
	tables, p, err := Files(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if tables.Done != 1 || len(tables.Orders) != 3 || len(tables.Helpers) != 2 || len(p.Visits) != 2 {
		t.Errorf("%+v\n%+v", tables, p)
	}
	for name, want := range map[string][]string{
		"plan.csv": {
			"1,,3,理发,孟桂兰,邮电园社区第三网格,幸福小区5号楼2单元,韩立新,,13900000001,2026-03-07 周六 08:00-08:40,2,会理发；这一家熟悉；同一栋楼；这周第 1 单，最多 7 单",
			"2,,4,换灯泡,李奶奶,邮电园社区第一网格,,孙淑琴,,13900000002,2026-03-05 周四 14:00-14:30,10,会换灯泡；同一社区；这周第 1 单，最多 7 单",
		},
		"plan.没派出去的.csv": {"1,,7,法律咨询,'=1+1,邮电园社区第二网格,,,不急,1,花名册里没有会法律咨询的人。"},
		"plan.缺什么人.csv":  {"1,法律咨询,邮电园社区,时间不限,1,1,18067,邮电园社区，时间不限：会法律咨询的人不够，还差 1 人次；多一位每周能来的，可以多派 1 单。"},
		"plan.没读懂的.csv": {
			"1,roster.csv,4,可服务时间,“半夜三更”看不懂。请写成“周一至周五晚上；周末上午”这样。",
			"2,roster.csv,5,是否同意信息使用,本人不同意使用信息，没有算进来。",
			"3,roster.csv,6,,和第 3 行是同一个人，只算一次。",
			"4,roster.csv,7,专业技能,“开飞船”不在服务类别里，这一项没有算进来。",
			"5,roster.csv,7,专业技能,没有看得懂的技能，没有算进来。",
			"6,needs.csv,5,需求类别,“开飞船”不在服务类别里，这一单没有排。",
		},
	} {
		if diff := cmp.Diff(want, rowsOf(t, filepath.Join(dir, name))); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// TestTimesThatAreOver are agreed anew: nobody is sent yesterday, in five minutes, or a
// year later.
func TestTimesThatAreOver(t *testing.T) {
	cases := []struct{ when, want, said string }{
		{"2026-03-03 上午", "03-03 08:00", ""},
		{"2026年3月1日上午", "", "“2026年3月1日上午”看不懂或者已经过了，排成另约时间。"},
		{"今天上午", "03-02 09:00", ""},
		{"今天8点到8点半", "", "“今天8点到8点半”来不及了，排成另约时间。"},
		{"今天8:30", "03-02 08:30", ""},
	}
	text, said := "需求类别,期望时间\n", map[int]string{}
	for _, c := range cases {
		text += "理发," + c.when + "\n"
	}
	r := needs(t, text)
	for _, remark := range r.Remarks {
		said[remark.Row] += remark.Text
	}
	for n, c := range cases {
		got := ""
		if o := r.Orders[n]; !o.From.IsZero() {
			got = o.From.In(calendar.Zone()).Format("01-02 15:04")
		}
		if got != c.want || said[n+2] != c.said {
			t.Errorf("%s: %s, %s", c.when, got, said[n+2])
		}
	}
}

// needs reads a list of needs at eight in the morning.
func needs(t *testing.T, text string) *reader {
	t.Helper()
	file := filepath.Join(t.TempDir(), "needs.csv")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	r := newReader(monday())
	if err := r.read(t.Context(), file, transfer.NeedsList(), r.order, func(float64) {}); err != nil {
		t.Fatal(err)
	}
	return r
}

// TestCellsThatSayMore are understood: a day with its hour. What is no number is said so.
func TestCellsThatSayMore(t *testing.T) {
	r := needs(t, "需求类别,提出日期,服务时长\n理发,2026-02-20 14:30:05,\n理发,2026/2/20,NaN\n理发,二月,\n")
	for n, want := range []string{"2026-02-20", "2026-02-20", "0001-01-01"} {
		if got := r.Orders[n].Asked.Format(time.DateOnly); got != want {
			t.Errorf("row %d: asked on %s, not %s", n+2, got, want)
		}
	}
	if len(r.Remarks) != 2 || r.Remarks[0].Row != 3 || r.Remarks[1].Row != 4 {
		t.Errorf("%+v", r.Remarks)
	}
}

// rowsOf are the rows of a CSV below its headings.
func rowsOf(t *testing.T, file string) (rows []string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	all, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range all[1:] {
		rows = append(rows, strings.Join(row, ","))
	}
	return rows
}

// TestFilesOfEitherKind gives the same plan, and writes it whole.
func TestFilesOfEitherKind(t *testing.T) {
	var plans []string
	for _, kind := range []transfer.Kind{transfer.XLSX, transfer.CSV} {
		o := district(t, kind, 200, 300, true)
		last := map[string]float64{}
		o.Progress = func(what string, part float64) {
			if part < last[what] || part > 1 {
				t.Errorf("%s goes from %v to %v", what, last[what], part)
			}
			last[what] = part
		}
		tables, p, err := Files(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		for what, part := range last {
			if part != 1 || len(last) != 4 {
				t.Errorf("%s ends at %v: %v", what, part, last)
			}
		}
		holds(t, 0, tables.Input, p)
		plans = append(plans, fmt.Sprintf("%+v", p))
		if kind == transfer.XLSX {
			sheetsHold(t, o.Out, p)
		}
	}
	if plans[0] != plans[1] {
		t.Errorf("%s\n%s", plans[0], plans[1])
	}
}

func sheetsHold(t *testing.T, file string, p *Plan) {
	t.Helper()
	f, err := excelize.OpenFile(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for name, n := range map[string]int{"派单表": len(p.Visits), "没派出去的": len(p.Left), "缺什么人": len(p.Shortages), "没读懂的": 0} {
		rows, err := f.GetRows(name)
		if err != nil || len(rows) != n+2 {
			t.Errorf("%s has %d rows, want %d below title and headings, %v", name, len(rows), n, err)
		}
	}
}

func TestFilesThatCannotBePlanned(t *testing.T) {
	dir := t.TempDir()
	empty, right := filepath.Join(dir, "empty.csv"), filepath.Join(dir, "right.csv")
	for file, text := range map[string]string{empty: "甲,乙\n", right: "姓名,专业技能\n韩立新,理发\n"} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for want, o := range map[string]Options{
		".xlsx 或 .csv": {Orders: empty, Helpers: right, Out: filepath.Join(dir, "plan.ods")},
		"“姓名”“专业技能”":   {Orders: empty, Helpers: empty, Out: filepath.Join(dir, "plan.csv")},
		"“需求类别”":       {Orders: empty, Helpers: right, Out: filepath.Join(dir, "plan.csv")},
		"同一个":          {Orders: empty, Helpers: right, Out: filepath.Join(dir, ".", "right.csv")},
		"no such file": {Orders: filepath.Join(dir, "none"), Helpers: right, Out: filepath.Join(dir, "plan.csv")},
	} {
		o.Now, o.Progress = monday(), func(string, float64) {}
		if _, _, err := Files(t.Context(), o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*plan*")); len(left) != 0 {
		t.Errorf("%v are left behind", left)
	}
}

// FuzzTables reads whatever is uploaded as both lists, and plans what was understood.
func FuzzTables(f *testing.F) {
	f.Add([]byte("姓名,专业技能,需求类别,期望时间,纬度,经度,需要人数,服务时长,结对志愿者\n韩立新,理发,理发,周六上午,38.1,114.5,2,1.5小时,韩立新\n"))
	f.Add([]byte("姓名,专业技能,可服务时间,每周最多几单,需求类别,状态,提出日期\n=1+1,修水管,周末,999,修水管,未完成,2026-13-01\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		file := filepath.Join(t.TempDir(), "both.csv")
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
		tables, err := readTables(t.Context(), Options{Orders: file, Helpers: file, Now: monday(), Progress: func(string, float64) {}})
		if err != nil || len(tables.Orders)*len(tables.Helpers) > 10_000 {
			return
		}
		p, err := Make(t.Context(), tables.Input)
		if err != nil {
			t.Fatal(err)
		}
		holds(t, 0, tables.Input, p)
	})
}

// TestWrongCellsAreSaid: a time that no clock or calendar shows, a number out of range, an
// order that stands there twice: each is said with the file, the row and the heading as the
// file has it, and nothing is made of it.
func TestWrongCellsAreSaid(t *testing.T) {
	cases := []struct{ when, heading, said string }{
		{"周三 25:00", "希望时间", "“25:00”这个时间"},
		{"周三 ９：７５", "希望时间", "“9:75”这个时间"},
		{"2026-02-30 9:00", "希望时间", "“2026年02月30日”这个时间"},
		{"12月32日上午", "希望时间", "“12月32日”这个时间"},
		{"周三 16:00-14:00", "希望时间", "“16:00-14:00”这个时间"},
		{"下午三十点", "希望时间", "“三十点”这个时间"},
		{"26点", "希望时间", "“26点”这个时间"},
		{"周九上午", "希望时间", "“周九”这个时间"},
		{"99999999999999999999:00", "希望时间", "这个时间"},
		{"说不准的日子", "希望时间", "看不懂"},
		{"周三上午,0", "需要几人", "“0”不是 1 到 100"},
		{"周三上午,１０１", "需要几人", "“１０１”不是 1 到 100"},
		{"周三上午,两三个", "需要几人", "“两三个”不是 1 到 100"},
		{"周三上午,1,N1", "单号", "“N1”和第 14 行一样"},
		{"周三上午,1,,莫名其妙", "急不急", "“莫名其妙”看不懂"},
	}
	text := "诉求类型,希望时间,需要几人,单号,急不急,社区,备注说明\n"
	for n, c := range cases {
		cells := append(strings.Split(c.when, ","), "", "", "")
		if cells[2] == "" {
			cells[2] = fmt.Sprint("N", n-11)
		}
		text += "理发," + strings.Join(cells[:4], ",") + ",第1社区,\n"
	}
	r := needs(t, text)
	if first := r.Remarks[0]; first != (Remark{"needs.csv", 1, "备注说明", "不认识这个表头，这一列没有用。"}) {
		t.Errorf("%+v", first)
	}
	for n, c := range cases {
		i := slices.IndexFunc(r.Remarks, func(m Remark) bool { return m.Row == n+2 })
		if i < 0 {
			t.Errorf("%s: nothing is said", c.when)
			continue
		}
		if m := r.Remarks[i]; m.Sheet != "needs.csv" || m.Heading != c.heading || !strings.Contains(m.Text, c.said) {
			t.Errorf("%s: %+v", c.when, m)
		}
	}
	if len(r.Orders) != len(cases)-1 {
		t.Errorf("%d orders of %d rows, one of which is there twice", len(r.Orders), len(cases))
	}
	for n, o := range r.Orders[:10] {
		if !o.From.IsZero() {
			t.Errorf("%s became %s", cases[n].when, o.From)
		}
	}
}

// TestTimesThatAreRight are not taken for wrong ones.
func TestTimesThatAreRight(t *testing.T) {
	for _, when := range []string{"周三 0:30", "周三 22:00-24:00", "24点前", "2小时", "2月29日", "周日8点", "每周八点", "８：００－１２：００", "周三１４：００-１６：００", "30分钟", "2028年2月29日", "周末", "星期天下午三点"} {
		if wrong := impossible(narrow(when)); wrong != "" {
			t.Errorf("%s: %s", when, wrong)
		}
	}
}

// TestFullWidthDigits are read as others: in numbers, times and telephones.
func TestFullWidthDigits(t *testing.T) {
	r := needs(t, "需求类别,期望时间,需要人数,服务时长,经度,纬度\n理发,周三１４：００－１６：００,２,６０,１１４．５,３８．０４\n")
	o := r.Orders[0]
	if o.From.In(calendar.Zone()).Format("15:04") != "14:00" || o.People != 2 || o.Length != time.Hour || o.At != (match.Point{Lat: 38.04, Lng: 114.5}) || len(r.Remarks) > 0 {
		t.Errorf("%+v, %+v", o, r.Remarks)
	}
}
