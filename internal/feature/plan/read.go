package plan

import (
	"cmp"
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"linli/internal/core/calendar"
	"linli/internal/core/category"
	"linli/internal/core/identity"
	"linli/internal/core/transfer"
	"linli/internal/feature/volunteer"
	"linli/internal/kit/fault"
	"linli/match"
)

// Tables are two spreadsheets as they were understood.
type Tables struct {
	Input
	orders  []orderRow  // beside Orders
	helpers []helperRow // beside Helpers
	Remarks []Remark    // on rows that could not be used, or not wholly
	Done    int         // orders that are done or given up and need nobody
}

// orderRow and helperRow are what a plan repeats of a row.
type orderRow struct{ row, no, service, who, where, address, when, urgency string }

type helperRow struct{ row, no, name, phone string }

// Remark is what is to be said of a row.
type Remark struct {
	Sheet   string // file and worksheet
	Row     int    // as the spreadsheet program shows it
	Heading string // of the cell, as it is written there; empty for the whole row
	Text    string
}

// reader reads rows one after the other. Most cells repeat; what they mean is remembered.
type reader struct {
	*Tables
	table    *transfer.Table // being read
	sheet    string          // the name of its file, and of the worksheet
	expected int             // helpers, once that can be told
	skills   map[string]skills
	free     map[string]free
	words    map[string]category.Suggestion
	people   map[string]int   // row in which the same helper stood before
	needs    map[string]int   // row in which an order of the same number stood before
	byName   map[string][]int // helpers by name and by number; see named
}

type skills struct {
	found   []category.Service
	unknown []string
}

type free struct {
	week match.Week
	err  error
}

func newReader(now time.Time) *reader {
	return &reader{
		Tables: &Tables{Input: Input{Now: now}}, skills: map[string]skills{}, free: map[string]free{},
		words: map[string]category.Suggestion{}, people: map[string]int{}, needs: map[string]int{},
	}
}

// begin turns to a table. Columns whose heading nobody knows are not read, which is said.
func (r *reader) begin(file string, t *transfer.Table) {
	r.table, r.sheet = t, filepath.Base(file)
	if t.Sheet != "" {
		r.sheet += "，" + t.Sheet
	}
	for _, heading := range t.Ignored {
		r.Remarks = append(r.Remarks, Remark{r.sheet, t.HeadingRow, heading, "不认识这个表头，这一列没有用。"})
	}
}

// expect makes room for so many helpers, which saves copying them again and again.
func (r *reader) expect(rows int) {
	r.expected = min(rows+rows/16, transfer.DefaultLimits().Rows)
	r.Helpers, r.helpers = slices.Grow(r.Helpers, r.expected), slices.Grow(r.helpers, r.expected)
	people := make(map[string]int, 2*r.expected)
	maps.Copy(people, r.people)
	r.people = people
}

func (r *reader) remark(row transfer.Row, heading, text string) {
	if heading != "" {
		heading = r.table.Written(heading)
	}
	r.Remarks = append(r.Remarks, Remark{r.sheet, row.Number, heading, text})
}

// fault notes an error about a cell.
func (r *reader) fault(row transfer.Row, heading string, err error) {
	f := fault.As(err)
	r.remark(row, heading, fmt.Sprintf(f.Msg, f.Args...))
}

// helper reads a row of the roster.
func (r *reader) helper(row transfer.Row) {
	text := row.Text
	name, no := identity.CleanLine(text(transfer.RosterName)), identity.CleanLine(text(transfer.RosterVolunteerNo))
	h := Helper{Spot: r.spot(row, transfer.RosterDistrict, transfer.RosterAddress)}
	h.Skills = r.helperSkills(row)
	week := r.week(narrow(text(transfer.RosterFreeTime)))
	first, again := 0, false
	for _, key := range []string{no, name + " " + narrow(text(transfer.RosterPhone))} {
		if strings.TrimSpace(key) != "" && !again {
			first, again = r.people[key]
		}
	}
	switch {
	case name == "":
		r.remark(row, transfer.RosterName, "没写姓名，没有算进来。")
	case refuses(text(transfer.RosterConsent)):
		r.remark(row, transfer.RosterConsent, "本人不同意使用信息，没有算进来。")
	case again && text(transfer.RosterPhone)+no != "":
		r.remark(row, "", "和第 "+strconv.Itoa(first)+" 行是同一个人，只算一次。")
	case week.err != nil:
		r.fault(row, transfer.RosterFreeTime, week.err)
	case len(h.Skills) == 0:
		r.remark(row, transfer.RosterSkills, "没有看得懂的技能，没有算进来。")
	default:
		h.Free = week.week
		h.LimitWeek = r.number(row, transfer.RosterLimit, 1, volunteer.MostOrders)
		h.WalkMax = cmp.Or(r.number(row, transfer.RosterWalk, 1, volunteer.MostWalk), volunteer.DefaultWalk)
		h.Key = match.Key{Kind: match.Volunteer, ID: cmp.Or(no, "row "+strconv.Itoa(row.Number))}
		r.addHelper(h, helperRow{strconv.Itoa(row.Number), no, name, narrow(text(transfer.RosterPhone))}, row.Number)
	}
}

func (r *reader) addHelper(h Helper, of helperRow, row int) {
	for _, key := range []string{of.no, of.name + " " + of.phone} {
		if key != "" {
			r.people[key] = row
		}
	}
	r.Helpers = append(r.Helpers, h)
	r.helpers = append(r.helpers, of)
}

func refuses(consent string) bool {
	return slices.Contains([]string{"否", "不同意", "不", "N", "NO"}, strings.ToUpper(consent))
}

func (r *reader) helperSkills(row transfer.Row) (out []match.Skill) {
	for _, heading := range []string{transfer.RosterSkills, transfer.RosterServices} {
		s := r.services(row.Text(heading))
		for _, name := range s.unknown {
			r.remark(row, heading, "“"+name+"”不在服务类别里，这一项没有算进来。")
		}
		for _, f := range s.found {
			if !slices.ContainsFunc(out, func(have match.Skill) bool { return have.Code == f.Code }) {
				out = append(out, match.Skill{Code: f.Code})
			}
		}
	}
	return out
}

// cellsRemembered bounds each memory.
const cellsRemembered = 50_000

// remembered is what a cell means, found once.
func remembered[V any](memory map[string]V, cell string, find func() V) V {
	v, known := memory[cell]
	if !known {
		v = find()
		if len(memory) < cellsRemembered {
			memory[cell] = v
		}
	}
	return v
}

func (r *reader) services(cell string) skills {
	return remembered(r.skills, cell, func() (s skills) {
		s.found, s.unknown = category.Find(cell)
		return s
	})
}

func (r *reader) week(cell string) free {
	return remembered(r.free, cell, func() (f free) {
		slots, err := volunteer.ParseFree(transfer.RosterFreeTime, cell)
		for _, s := range slots {
			f.week = f.week.With(s.Weekday, time.Duration(s.From)*time.Minute, time.Duration(s.To)*time.Minute)
		}
		f.err = err
		return f
	})
}

func (r *reader) suggest(text string) category.Suggestion {
	return remembered(r.words, text, func() category.Suggestion { return category.Suggest(text, r.Now) })
}

// number reads a whole number, 0 when there is none.
func (r *reader) number(row transfer.Row, heading string, least, most int) int {
	text := strings.TrimRight(narrow(row.Text(heading)), "人位个单次分钟")
	if text == "" {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		r.remark(row, heading, "“"+row.Text(heading)+"”不是 "+strconv.Itoa(least)+" 到 "+strconv.Itoa(most)+" 的整数，当没写。")
		return 0
	}
	return n
}

// spot reads where a row is.
func (r *reader) spot(row transfer.Row, area, address string) Spot {
	s := Spot{Area: areaName(row.Text(area)), Grid: strings.ReplaceAll(row.Text(transfer.NeedGrid), " ", "")}
	if name, _, found := strings.Cut(s.Grid, "社区"); found && s.Area == "" && name != "" {
		s.Area = name + "社区"
	}
	if s.Grid != "" && s.Area != "" && !strings.Contains(s.Grid, s.Area) {
		s.Grid = s.Area + s.Grid
	}
	s.Building = building(s.Area, row.Text(address))
	lat, lng := narrow(row.Text(transfer.NeedLatitude)), narrow(row.Text(transfer.NeedLongitude))
	if lat == "" && lng == "" {
		return s
	}
	var err1, err2 error
	s.At.Lat, err1 = strconv.ParseFloat(lat, 64)
	s.At.Lng, err2 = strconv.ParseFloat(lng, 64)
	if _, known := match.Walk(s.At, s.At); err1 != nil || err2 != nil || !known {
		r.remark(row, transfer.NeedLatitude, "经纬度“"+lat+"，"+lng+"”看不懂，当没写。")
		s.At = match.Point{}
	}
	return s
}

func areaName(text string) string {
	for _, ending := range []string{"居民委员会", "居委会"} {
		text = strings.TrimSuffix(text, ending)
	}
	return strings.ReplaceAll(text, " ", "")
}

// building is an address up to the building; empty when it names none, or only a number
// of which it is not known where.
func building(area, address string) string {
	address = strings.TrimPrefix(strings.ReplaceAll(address, " ", ""), area)
	for _, word := range []string{"号楼", "栋", "幢"} {
		if name, _, found := strings.Cut(address, word); found && (area != "" || strings.Trim(name, "0123456789-") != "") {
			return area + name + word
		}
	}
	return ""
}

// isoDay is a day that a sentence would not be understood with.
var isoDay = regexp.MustCompile(`(\d{4})[-./](\d{1,2})[-./](\d{1,2})[ T]*`)

// order reads a row of the list of needs.
func (r *reader) order(row transfer.Row) {
	text := row.Text
	if isDone(text(transfer.NeedState)) || text(transfer.NeedDone) != "" {
		r.Done++
		return
	}
	service, ok := r.service(text(transfer.NeedService), text(transfer.NeedContent))
	if !ok {
		r.remark(row, transfer.NeedService, "“"+text(transfer.NeedService)+"”不在服务类别里，这一单没有排。")
		return
	}
	if no := text(transfer.NeedNo); no != "" {
		if first, again := r.needs[no]; again {
			r.remark(row, transfer.NeedNo, "“"+no+"”和第 "+strconv.Itoa(first)+" 行一样，只排前面那一单。要是另一单，请换个编号。")
			return
		}
		r.needs[no] = row.Number
	}
	o := Order{Spot: r.spot(row, transfer.NeedArea, transfer.NeedAddress), Service: service}
	o.People = cmp.Or(r.number(row, transfer.NeedPeople, 1, 100), service.People)
	o.Urgency = r.urgency(row)
	o.Length = r.length(row)
	if day, err := askedOn(row); err != nil {
		r.fault(row, transfer.NeedDay, err)
	} else if !day.IsZero() {
		o.Asked = day.Start()
	}
	r.window(row, &o)
	if o.Spot == (Spot{}) && (r.table.Has(transfer.NeedArea) || r.table.Has(transfer.NeedGrid)) {
		r.remark(row, transfer.NeedArea, "没写在哪里，远近不知道。")
	}
	o.Known = r.partners(row)
	r.Orders = append(r.Orders, o)
	r.orders = append(r.orders, orderRow{
		strconv.Itoa(row.Number), text(transfer.NeedNo), service.Name, cmp.Or(text(transfer.NeedFor), text(transfer.NeedAsker)),
		cmp.Or(text(transfer.NeedGrid), o.Area), text(transfer.NeedAddress), text(transfer.NeedTime), urgencyWord(o.Urgency),
	})
}

// window reads when an order may be served.
func (r *reader) window(row transfer.Row, o *Order) {
	cell := row.Text(transfer.NeedTime)
	if cell == "" {
		return
	}
	when := isoDay.ReplaceAllString(narrow(cell), "${1}年${2}月${3}日")
	if day, err := row.Day(transfer.NeedTime); err == nil {
		when = fmt.Sprintf("%d年%d月%d日", day.Year, day.Month, day.Day)
	}
	if wrong := impossible(when); wrong != "" {
		r.remark(row, transfer.NeedTime, "“"+cell+"”里没有“"+wrong+"”这个时间，排成另约时间。")
		return
	}
	s := r.suggest(when)
	o.From, o.To = s.Window.From, s.Window.To
	if s.Window.IsZero() && !s.Flexible && s.Urgency == category.Normal {
		r.remark(row, transfer.NeedTime, "“"+cell+"”看不懂或者已经过了，排成另约时间。")
	}
	if o.Ahead(r.Now); o.From.IsZero() && !s.Window.IsZero() {
		r.remark(row, transfer.NeedTime, "“"+cell+"”来不及了，排成另约时间。")
	}
}

// askedOn is the day of a cell, which may say the hour too.
func askedOn(row transfer.Row) (calendar.Day, error) {
	day, err := row.Day(transfer.NeedDay)
	if words := strings.Fields(strings.Replace(row.Text(transfer.NeedDay), "T", " ", 1)); err != nil && len(words) > 1 {
		return calendar.ParseDay(transfer.NeedDay, words[0])
	}
	return day, err
}

// sureScore is what the words of a sentence must score to stand for a category.
const sureScore = 50

// service is the category that a cell names; that of the content when the cell is empty.
func (r *reader) service(cell, content string) (category.Service, bool) {
	if s := r.services(cell); len(s.found) > 0 {
		return s.found[0], true
	}
	if cell != "" {
		return category.Service{}, false
	}
	s := r.suggest(content)
	return s.Best(), len(s.Services) > 0 && s.Services[0].Score >= sureScore
}

func isDone(state string) bool {
	return slices.ContainsFunc([]string{"完成", "办结", "取消", "关闭", "结束", "撤回", "已派", "服务中"}, func(word string) bool {
		return strings.Contains(state, word) && !strings.Contains(state, "未"+word)
	})
}

// urgency is what is written, or else what the words tell.
func (r *reader) urgency(row transfer.Row) category.Urgency {
	cell := row.Text(transfer.NeedUrgency)
	switch cell {
	case "":
		return r.suggest(row.Text(transfer.NeedContent)).Urgency
	case "一般", "普通", "正常", "不急", "低":
		return category.Normal
	case "急", "较急", "尽快", "中", "加急":
		return category.Soon
	case "紧急", "很急", "特急", "非常紧急", "高":
		return category.Urgent
	}
	u := r.suggest(cell).Urgency
	if u == category.Normal {
		r.remark(row, transfer.NeedUrgency, "“"+cell+"”看不懂，当不急。")
	}
	return u
}

func urgencyWord(u category.Urgency) string {
	switch u {
	case category.Soon:
		return "尽快"
	case category.Urgent:
		return "紧急"
	case category.Emergency:
		return "有危险"
	}
	return "不急"
}

// length is a number of minutes, or of hours when it says so or is 12 at most.
func (r *reader) length(row transfer.Row) time.Duration {
	cell := row.Text(transfer.NeedLength)
	if cell == "" {
		return 0
	}
	text, hours := strings.CutSuffix(narrow(cell), "小时")
	n, err := strconv.ParseFloat(strings.TrimSuffix(text, "分钟"), 64)
	if hours || n <= 12 && !hours && !strings.HasSuffix(cell, "分钟") {
		n *= 60
	}
	if err != nil || !(n >= 1 && n <= 24*60) { // nor NaN
		r.remark(row, transfer.NeedLength, "“"+cell+"”看不懂，按平常的时间算。")
		return 0
	}
	return time.Duration(n) * time.Minute
}

// partners are the helpers who come to the person already, by number or name.
func (r *reader) partners(row transfer.Row) map[match.Key]int {
	cell := row.Text(transfer.NeedPartner)
	if cell == "" {
		return nil
	}
	known := map[match.Key]int{}
	for _, name := range strings.FieldsFunc(cell, func(c rune) bool { return strings.ContainsRune("、，,;；/ ", c) }) {
		switch who := r.named(name); {
		case len(who) == 1:
			known[r.Helpers[who[0]].Key] = meetMost
		default:
			r.remark(row, transfer.NeedPartner, "“"+name+"”在花名册里有 "+strconv.Itoa(len(who))+" 位，认不准，当没写。")
		}
	}
	return known
}

// named lists the helpers of a name or a number. All are sorted at the first question,
// which most lists never ask.
func (r *reader) named(name string) []int {
	if r.byName == nil {
		r.byName = map[string][]int{}
		for i, h := range r.helpers {
			for _, key := range []string{h.no, h.name} {
				if key != "" {
					r.byName[key] = append(r.byName[key], i)
				}
			}
		}
	}
	return r.byName[name]
}

// clockText is when a visit is, for a cell.
func clockText(v *Visit) string {
	if v.From.IsZero() {
		return "另约时间"
	}
	from, to := v.From.In(calendar.Zone()), v.To.In(calendar.Zone())
	return from.Format("2006-01-02 ") + volunteer.DayName(from.Weekday()) + from.Format(" 15:04-") + to.Format("15:04")
}
