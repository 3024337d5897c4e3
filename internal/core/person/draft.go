package person

import (
	"slices"

	"linli/internal/core/calendar"
	"linli/internal/core/identity"
	"linli/internal/kit/fault"
)

// Draft is what somebody writes down about a person, as it was typed.
type Draft struct {
	Name       string
	Sex        string // 男, 女 or empty
	Birth      string
	IDType     string
	IDNumber   string
	Phone      string
	Place      string // id, at or below a community
	Door       string
	Address    string
	Note       string
	LivesAlone bool
}

// Check cleans the draft and makes a person of it. All mistakes are named at
// once, by the names of the JSON fields. An ID number says sex and birth, so they
// may be left out; when they are given they have to agree with it.
func (d Draft) Check(today calendar.Day) (Person, error) {
	c := checker{today: today}
	p := Person{Place: d.Place, LivesAlone: d.LivesAlone}
	p.Name = take(&c, func() (string, error) { return identity.Name("name", d.Name) })
	p.Sex = take(&c, func() (identity.Sex, error) { return parseSex(d.Sex) })
	p.Birth = take(&c, func() (calendar.Day, error) { return c.birth(d.Birth) })
	p.Phone = take(&c, func() (string, error) { return phone(d.Phone) })
	p.Door = take(&c, func() (string, error) { return identity.Line("door", d.Door, doorMost) })
	p.Address = take(&c, func() (string, error) { return identity.Line("address", d.Address, identity.MaxAddress) })
	p.Note = take(&c, func() (string, error) { return identity.Text("note", d.Note, identity.MaxNote) })
	p.IDType = take(&c, func() (identity.DocumentKind, error) { return identity.ParseDocumentKind("id_type", d.IDType) })
	if d.IDNumber != "" {
		p.IDNumber = take(&c, func() (string, error) { return identity.ParseDocument("id_number", p.IDType, d.IDNumber) })
	}
	c.add(c.agree(&p))
	return p, fault.Join(c.errs...)
}

// onto fills what a change leaves empty from the person as it was. A new ID number
// brings its own sex and birth, a new place its own door.
func (c Change) onto(was Person) Draft {
	d := c.Draft
	moved, document := d.Place != "" && d.Place != was.Place, d.IDNumber != ""
	d.LivesAlone = was.LivesAlone
	if c.LivesAlone != nil {
		d.LivesAlone = *c.LivesAlone
	}
	keep(&d.Name, was.Name, false)
	keep(&d.Phone, was.Phone, slices.Contains(c.Clear, FieldPhone))
	keep(&d.Note, was.Note, slices.Contains(c.Clear, FieldNote))
	keep(&d.Sex, string(was.Sex), document)
	keep(&d.Birth, was.Birth.String(), document || slices.Contains(c.Clear, FieldBirth))
	keep(&d.IDType, string(was.IDType), false)
	keep(&d.IDNumber, was.IDNumber, slices.Contains(c.Clear, FieldIDNumber))
	keep(&d.Place, was.Place, false)
	keep(&d.Door, was.Door, moved || slices.Contains(c.Clear, FieldAddress))
	keep(&d.Address, was.Address, moved || slices.Contains(c.Clear, FieldAddress))
	return d
}

func keep(now *string, was string, drop bool) {
	if *now == "" && !drop {
		*now = was
	}
}

const doorMost = 20 // characters of a door: "2单元1203"

// checker collects what is wrong with a draft.
type checker struct {
	today calendar.Day
	errs  []error
}

func (c *checker) add(err error) { c.errs = append(c.errs, err) }

// take reads one field and notes its error.
func take[T any](c *checker, read func() (T, error)) T {
	v, err := read()
	c.add(err)
	return v
}

func parseSex(text string) (identity.Sex, error) {
	switch s := identity.Sex(identity.CleanLine(text)); s {
	case "", identity.Male, identity.Female:
		return s, nil
	}
	return "", fault.Invalid("sex", "性别请填男或女，不知道就空着。")
}

func (c *checker) birth(text string) (calendar.Day, error) {
	if identity.CleanLine(text) == "" {
		return calendar.Day{}, nil
	}
	day, err := calendar.ParseDay("birth", text)
	if err != nil {
		return day, err
	}
	return day, identity.CheckBirth("birth", day, c.today)
}

// phone of a person may be a landline; an empty one is nobody's.
func phone(text string) (string, error) {
	if identity.CleanLine(text) == "" {
		return "", nil
	}
	return identity.Phone("phone", text)
}

// agree fills sex and birth from the ID number and sees that they do not differ.
func (c *checker) agree(p *Person) error {
	if p.IDNumber == "" || p.IDType != identity.IDCard {
		return nil
	}
	id := identity.IDNumber(p.IDNumber)
	var errs []error
	if p.Sex != "" && p.Sex != id.Sex() {
		errs = append(errs, fault.Invalid("sex", "性别和身份证号对不上，请核对。"))
	}
	if !p.Birth.IsZero() && p.Birth != id.Birth() {
		errs = append(errs, fault.Invalid("birth", "出生日期和身份证号对不上，请核对。"))
	}
	p.Sex, p.Birth = id.Sex(), id.Birth()
	return fault.Join(append(errs, identity.CheckBirth("id_number", p.Birth, c.today))...)
}
