package volunteer

import (
	"slices"

	"linli/internal/core/calendar"
	"linli/internal/core/category"
	"linli/internal/core/identity"
	"linli/internal/core/person"
	"linli/internal/kit/fault"
)

// Profile is what volunteers say about how they serve. What is left out of a
// change stays as it is; an empty list is one that was emptied.
type Profile struct {
	Skills       []string `json:"skills" label:"会做什么" maxItems:"60" doc:"会做的服务，填服务类别的 id" example:"[\"haircut\"]"`
	Free         []Slot   `json:"free" label:"什么时候有空" maxItems:"60" doc:"每周有空的时间，1 是周一" example:"[\"1 08:00-12:00\"]"`
	WalkMinutes  *int     `json:"walk_minutes" label:"最远走几分钟" minimum:"0" maximum:"120" doc:"单程最远走几分钟"`
	LimitWeek    *int     `json:"limit_week" label:"一周最多几单" minimum:"0" maximum:"50" doc:"一周最多接几单，0 是不限"`
	Political    *string  `json:"political" label:"政治面貌" maxLength:"20"`
	Education    *string  `json:"education" label:"文化程度" maxLength:"20"`
	ContactName  *string  `json:"contact_name" label:"紧急联系人" maxLength:"50"`
	ContactPhone *string  `json:"contact_phone" label:"紧急联系人的电话" maxLength:"30"`
	Note         *string  `json:"note" label:"还想说的" lines:"true" maxLength:"500" doc:"比如：腰不好，不搬重东西"`
}

// onto writes the profile into v. All mistakes are named at once.
func (p Profile) onto(v *Volunteer) error {
	var errs []error
	if p.Skills != nil {
		v.Skills = TidySkills(p.Skills)
		errs = append(errs, checkSkills(v.Skills))
	}
	if p.Free != nil {
		v.Free = TidyFree(p.Free)
	}
	set(&v.WalkMinutes, p.WalkMinutes)
	set(&v.LimitWeek, p.LimitWeek)
	line := func(to *string, from *string, field string, most int) {
		if from != nil {
			text, err := identity.Line(field, *from, most)
			*to = text
			errs = append(errs, err)
		}
	}
	line(&v.Political, p.Political, "political", 20)
	line(&v.Education, p.Education, "education", 20)
	line(&v.ContactName, p.ContactName, "contact_name", identity.MaxName)
	line(&v.Note, p.Note, "note", identity.MaxNote)
	errs = append(errs, setPhone(&v.ContactPhone, p.ContactPhone, "contact_phone"), v.check())
	return fault.Join(errs...)
}

func set[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}

// setPhone sets a phone that may be empty.
func setPhone(to *string, from *string, field string) error {
	if from == nil {
		return nil
	}
	*to = identity.CleanLine(*from)
	if *to == "" {
		return nil
	}
	phone, err := identity.Phone(field, *from)
	*to = phone
	return err
}

// TidySkills puts services in the order of the tree, each once.
func TidySkills(ids []string) []string {
	out := slices.Clone(ids)
	slices.SortFunc(out, func(a, b string) int { return int(codeOf(a)) - int(codeOf(b)) })
	return slices.Compact(slices.DeleteFunc(out, func(id string) bool { return id == "" }))
}

func codeOf(id string) uint32 {
	s, _ := category.ByID(id)
	return s.Code
}

func checkSkills(ids []string) error {
	for _, id := range ids {
		if _, known := category.ByID(id); !known {
			return fault.Invalid("skills", "没有“%s”这种服务。", id)
		}
	}
	return nil
}

// check holds a volunteer to the bounds of what can be said.
func (v Volunteer) check() error {
	var errs []error
	if v.WalkMinutes < 0 || v.WalkMinutes > MostWalk {
		errs = append(errs, fault.Invalid("walk_minutes", "最远走几分钟，填 0 到 %d。", MostWalk))
	}
	if v.LimitWeek < 0 || v.LimitWeek > MostOrders {
		errs = append(errs, fault.Invalid("limit_week", "一周最多几单，填 0 到 %d，0 是不限。", MostOrders))
	}
	if (v.ContactName == "") != (v.ContactPhone == "") {
		errs = append(errs, fault.Invalid("contact_phone", "紧急联系人的姓名和电话要一起填。"))
	}
	return fault.Join(errs...)
}

// Agreement is the word of a person, and of a guardian, that makes a volunteer.
type Agreement struct {
	Consent        []person.Purpose `json:"consent" label:"同意书" doc:"同意的用途：volunteering、service_record、contact 都要同意才能登记"`
	Guardian       string           `json:"guardian" label:"监护人姓名" maxLength:"50" doc:"不满 18 岁要有"`
	GuardianPhone  string           `json:"guardian_phone" label:"监护人电话" maxLength:"30"`
	GuardianAgrees bool             `json:"guardian_agrees" label:"监护人同意" doc:"监护人看过并且同意"`
}

// Purposes are what a volunteer agrees to, each by itself; nobody can be sent to
// a neighbour without any of them.
func Purposes() []person.Purpose {
	return []person.Purpose{person.Volunteering, person.ServiceRecord, person.Contact}
}

// check sees that everything was agreed to, by the guardian too when the person
// is under age; then v has the guardian.
func (a Agreement) check(v *Volunteer, age int) error {
	var errs []error
	for _, p := range Purposes() {
		if !slices.Contains(a.Consent, p) {
			term, _ := person.TermOf(p)
			errs = append(errs, fault.Invalid("consent", "“%s”这一条同意了，才能登记成志愿者。", term.Label))
		}
	}
	v.Guardian, v.GuardianPhone = "", ""
	if age < Adult {
		errs = append(errs, a.guard(v))
	}
	return fault.Join(errs...)
}

func (a Agreement) guard(v *Volunteer) error {
	name, noName := identity.Name("guardian", a.Guardian)
	phone, noPhone := identity.Phone("guardian_phone", a.GuardianPhone)
	if a.Guardian == "" {
		noName = fault.Invalid("guardian", "不满 %d 岁，请写上监护人的姓名。", Adult)
	}
	var noWord error
	if !a.GuardianAgrees {
		noWord = fault.Invalid("guardian_agrees", "不满 %d 岁，要监护人看过、同意了才行。", Adult)
	}
	v.Guardian, v.GuardianPhone = name, phone
	return fault.Join(noName, noPhone, noWord)
}

// Papers are what must be known of a person before they serve (decree 67,
// article 5), asked for when the place does not know it yet.
type Papers struct {
	Birth    string `json:"birth" label:"出生日期" maxLength:"20" doc:"站里还不知道时要填" example:"1958-03-02"`
	IDNumber string `json:"id_number" label:"身份证号" maxLength:"30" doc:"填了就不用填出生日期"`
}

// onto completes p and says whether anything was new. What is known already is
// changed on the person's own page and not here.
func (a Papers) onto(p *person.Person, today calendar.Day) (bool, error) {
	was := *p
	if a.IDNumber != "" && p.IDNumber == "" {
		id, err := identity.ParseID("id_number", a.IDNumber)
		if err != nil {
			return false, err
		}
		if !p.Birth.IsZero() && p.Birth != id.Birth() {
			return false, fault.Invalid("id_number", "身份证号和登记的出生日期对不上，请核对。")
		}
		p.IDType, p.IDNumber, p.Birth, p.Sex = identity.IDCard, string(id), id.Birth(), id.Sex()
	}
	if p.Birth.IsZero() {
		if a.Birth == "" {
			return false, fault.Invalid("birth", "请填出生日期，或者身份证号。")
		}
		birth, err := calendar.ParseDay("birth", a.Birth)
		if err != nil {
			return false, err
		}
		p.Birth = birth
	}
	return was != *p, identity.CheckBirth("birth", p.Birth, today)
}
