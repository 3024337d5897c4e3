package roster

import (
	"slices"
	"strings"

	"linli/internal/core/calendar"
	"linli/internal/core/category"
	"linli/internal/core/identity"
	"linli/internal/core/person"
	"linli/internal/core/transfer"
	"linli/internal/feature/volunteer"
	"linli/internal/kit/fault"
)

// entry is one row of a roster as it was understood.
type entry struct {
	row          int // of the sheet, from 1
	person       person.Person
	number       string // 志愿者编号 as it is written, ours or another system's
	political    string
	education    string
	contactName  string
	contactPhone string
	note         string
	skills       []string
	free         []volunteer.Slot
	teams        []string
	registered   calendar.Day
	remarks      []Remark
}

// Remark is one thing to say about a row.
type Remark struct {
	Heading string // of the cell; empty for the whole row
	Msg     string // message id
	Args    []any  // for its verbs: texts and whole numbers
}

// headings of the fields that faults of a person name.
func headingOf(field string) string {
	switch field {
	case "name":
		return transfer.RosterName
	case "sex":
		return transfer.RosterSex
	case "birth":
		return transfer.RosterBirth
	case "id_type":
		return transfer.RosterDocumentKind
	case "id_number":
		return transfer.RosterDocument
	case "phone":
		return transfer.RosterPhone
	case "address", "door":
		return transfer.RosterAddress
	case "place":
		return transfer.RosterDistrict
	case "note":
		return transfer.RosterRemark
	}
	return field
}

// reader makes entries of the rows of one sheet.
type reader struct {
	scope  *scope
	today  calendar.Day
	seen   map[string]int // who stood in which row already
	skills map[string]found
}

// found is a cell of skills as it was understood.
type found struct {
	ids     []string
	unknown []string
}

func newReader(s *scope, today calendar.Day) *reader {
	return &reader{scope: s, today: today, seen: map[string]int{}, skills: map[string]found{}}
}

// read understands one row. Everything that is wrong is in the entry's remarks.
func (r *reader) read(row transfer.Row) entry {
	e := entry{row: row.Number, number: identity.CleanLine(row.Text(transfer.RosterVolunteerNo))}
	r.readPerson(&e, row)
	r.readService(&e, row)
	r.readRest(&e, row)
	r.twice(&e)
	return e
}

func (e *entry) remark(heading, msg string, args ...any) {
	e.remarks = append(e.remarks, Remark{heading, msg, args})
}

// fail notes the faults of err under the headings of their fields.
func (e *entry) fail(err error) {
	if err == nil {
		return
	}
	for _, f := range fault.As(err).All() {
		e.remark(headingOf(f.Field), f.Msg, f.Args...)
	}
}

func (r *reader) readPerson(e *entry, row transfer.Row) {
	birth, err := row.Day(transfer.RosterBirth)
	e.fail(err)
	d := person.Draft{
		Name: row.Text(transfer.RosterName), Sex: sexWord(row.Text(transfer.RosterSex)), Birth: birth.String(),
		IDType: row.Text(transfer.RosterDocumentKind), IDNumber: row.Text(transfer.RosterDocument),
		Phone: row.Text(transfer.RosterPhone),
	}
	for heading, cell := range map[string]*string{transfer.RosterDocument: &d.IDNumber, transfer.RosterPhone: &d.Phone} {
		if strings.Contains(*cell, "*") {
			e.remark(heading, "打了星号的号码不能导入，请用没打星号的名单。")
			*cell = ""
		}
	}
	if d.IDNumber == "" && d.Phone == "" && len(e.remarks) == 0 {
		e.remark("", "联系电话和证件号码至少要有一样，不然认不出是谁。")
	}
	e.person, err = d.Check(r.today)
	e.fail(err)
	spot, err := r.scope.find(row.Text(transfer.RosterDistrict), row.Text(transfer.RosterAddress))
	e.fail(err)
	e.person.Place, e.person.Door, e.person.Address = spot.place, spot.door, spot.address
}

// sexWord takes the spellings that tables have.
func sexWord(text string) string {
	switch strings.ToUpper(text) {
	case "男性", "M", "1":
		return string(identity.Male)
	case "女性", "F", "2":
		return string(identity.Female)
	}
	return text
}

func (r *reader) readService(e *entry, row transfer.Row) {
	for _, heading := range []string{transfer.RosterSkills, transfer.RosterServices} {
		f := r.services(row.Text(heading))
		e.skills = append(e.skills, f.ids...)
		for _, name := range f.unknown {
			if near := nearest(name); near != "" {
				e.remark(heading, "“%s”不在服务类别里。是不是“%s”？", name, near)
			} else {
				e.remark(heading, "“%s”不在服务类别里，请换个说法。", name)
			}
		}
	}
	e.skills = volunteer.TidySkills(e.skills)
	var err error
	e.free, err = volunteer.ParseFree(transfer.RosterFreeTime, row.Text(transfer.RosterFreeTime))
	e.fail(err)
	for _, name := range strings.FieldsFunc(row.Text(transfer.RosterTeam), separates) {
		name, err := identity.Line(transfer.RosterTeam, name, identity.MaxTitle)
		e.fail(err)
		if name != "" && !slices.Contains(e.teams, name) {
			e.teams = append(e.teams, name)
		}
	}
}

// separates says what stands between two names in one cell.
func separates(c rune) bool { return strings.ContainsRune("、，,;；/\n", c) }

// most cells of a column repeat; what they mean is remembered, up to a bound.
const cellsRemembered = 20_000

func (r *reader) services(cell string) found {
	if f, known := r.skills[cell]; known {
		return f
	}
	services, unknown := category.Find(cell)
	f := found{unknown: unknown}
	for _, s := range services {
		f.ids = append(f.ids, s.ID)
	}
	if len(r.skills) < cellsRemembered {
		r.skills[cell] = f
	}
	return f
}

func (r *reader) readRest(e *entry, row transfer.Row) {
	line := func(heading string, most int) string {
		text, err := identity.Line(heading, row.Text(heading), most)
		e.fail(err)
		return text
	}
	e.political = line(transfer.RosterPolitics, 20)
	e.education = line(transfer.RosterEducation, 20)
	e.contactName = line(transfer.RosterEmergencyName, identity.MaxName)
	e.note = line(transfer.RosterRemark, identity.MaxNote)
	var err error
	if phone := row.Text(transfer.RosterEmergencyPhone); phone != "" {
		e.contactPhone, err = identity.Phone(transfer.RosterEmergencyPhone, phone)
		e.fail(err)
	}
	e.registered, err = row.Day(transfer.RosterRegistered)
	e.fail(err)
	if r.today.Before(e.registered) {
		e.remark(transfer.RosterRegistered, "注册日期 %s 还没到，请核对。", e.registered.String())
	}
	if slices.Contains([]string{"否", "不同意", "不", "N", "NO"}, strings.ToUpper(row.Text(transfer.RosterConsent))) {
		e.remark(transfer.RosterConsent, "本人不同意使用信息，不能导入。")
	}
}

// twice finds that the same person stands further up in the file.
func (r *reader) twice(e *entry) {
	for _, key := range e.keys() {
		if first, again := r.seen[key]; again {
			e.remark("", "和第 %d 行是同一个人。", first)
			return
		}
	}
	for _, key := range e.keys() {
		r.seen[key] = e.row
	}
}

// keys are what tells that two rows are of one person.
func (e *entry) keys() []string {
	var keys []string
	if e.person.IDNumber != "" {
		keys = append(keys, string(e.person.IDType)+" "+e.person.IDNumber)
	}
	if e.person.Phone != "" && e.person.Name != "" {
		keys = append(keys, e.person.Phone+" "+e.person.Name)
	}
	return keys
}

// nearest is the name of a service that shares most characters with a word, empty
// when none is near.
func nearest(word string) string {
	best, most := "", 0
	for _, s := range category.All() {
		shared := 0
		for _, c := range s.Name {
			if strings.ContainsRune(word, c) {
				shared++
			}
		}
		if score := shared*8 - len([]rune(s.Name)); shared > 0 && score > most {
			best, most = s.Name, score
		}
	}
	return best
}
