package volunteer

import (
	"time"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/identity"
	"linli/internal/core/person"
	"linli/internal/core/place"
	"linli/internal/kit/db"
)

// View is a volunteer as it may be put out. Phones are whole only to the person.
type View struct {
	ID            string    `json:"id" doc:"志愿者，就是那位居民的编号"`
	Number        string    `json:"number" doc:"志愿者编号，16 位"`
	NationalNo    string    `json:"national_no,omitempty" doc:"全国系统里的编号，对上了才有"`
	Name          string    `json:"name" doc:"姓名"`
	Status        Status    `json:"status" doc:"active 在服务，pending 待本人确认，paused 歇一歇，left 已退出"`
	Community     string    `json:"community" doc:"所在社区的区划代码"`
	Place         string    `json:"place" doc:"所在的楼、网格、小区或社区"`
	Where         string    `json:"where,omitempty" doc:"住在哪栋楼"`
	Age           *int      `json:"age,omitempty" doc:"周岁，不知道就没有"`
	Phone         string    `json:"phone,omitempty" doc:"电话，不是本人看时中间四位不显示"`
	Skills        []string  `json:"skills" doc:"会做的服务"`
	Free          []Slot    `json:"free" doc:"每周有空的时间" example:"[\"1 08:00-12:00\"]"`
	WalkMinutes   int       `json:"walk_minutes" doc:"单程最远走几分钟"`
	LimitWeek     int       `json:"limit_week" doc:"一周最多几单，0 是不限"`
	Political     string    `json:"political,omitempty" doc:"政治面貌"`
	Education     string    `json:"education,omitempty" doc:"文化程度"`
	ContactName   string    `json:"contact_name,omitempty" doc:"紧急联系人"`
	ContactPhone  string    `json:"contact_phone,omitempty" doc:"紧急联系人的电话"`
	Guardian      string    `json:"guardian,omitempty" doc:"监护人，不满 18 岁才有"`
	GuardianPhone string    `json:"guardian_phone,omitempty" doc:"监护人电话"`
	Note          string    `json:"note,omitempty" doc:"还想说的"`
	Origin        string    `json:"origin" enum:"self,station,import" doc:"自己登记的、站里登记的，还是花名册导入的"`
	RegisteredAt  time.Time `json:"registered_at" doc:"登记的时间"`
	Actions       []string  `json:"actions" doc:"您现在能办的：edit、pause、resume、leave、confirm、decline"`
}

// Actions that a volunteer's page offers.
const (
	CanEdit    = "edit"
	CanPause   = "pause"
	CanResume  = "resume"
	CanLeave   = "leave"
	CanConfirm = "confirm"
	CanDecline = "decline"
)

// show reads a volunteer anew and puts it out for who.
func show(tx *db.Tx, who access.Who, district int, id string) (View, error) {
	v, _, err := Get(tx, district, id)
	if err != nil {
		return View{}, err
	}
	p, err := person.Get(tx, district, id)
	if err != nil {
		return View{}, err
	}
	out := v.view()
	out.Actions = v.actions(who)
	return out, out.tell(tx, who, v, p)
}

// tell adds who it is: whole to the person, masked to all others.
func (out *View) tell(tx *db.Tx, who access.Who, v Volunteer, p person.Person) error {
	open := []person.Field{person.FieldName}
	if who.Person == v.ID {
		open = person.Fields()
	}
	seen := p.View(calendar.DayOf(tx.Now()), open...)
	out.Age, out.Phone, out.Where = seen.Age, seen.Phone, p.Where
	out.ContactName, out.ContactPhone, out.Guardian, out.GuardianPhone = v.ContactName, v.ContactPhone, v.Guardian, v.GuardianPhone
	if who.Person != v.ID {
		out.ContactName, out.ContactPhone = masked(v.ContactName, v.ContactPhone)
		out.Guardian, out.GuardianPhone = masked(v.Guardian, v.GuardianPhone)
	}
	if out.Where == "" {
		names, err := place.Names(tx, v.Place)
		out.Where = names[v.Place]
		return err
	}
	return nil
}

// view is what everybody may see who may see the volunteer.
func (v Volunteer) view() View {
	out := View{
		ID: v.ID, Number: v.Number, NationalNo: v.NationalNo, Name: v.Name, Status: v.Status,
		Community: v.Community, Place: v.Place, Skills: v.Skills, Free: v.Free, WalkMinutes: v.WalkMinutes,
		LimitWeek: v.LimitWeek, Political: v.Political, Education: v.Education, Note: v.Note,
		Origin: v.Origin, RegisteredAt: v.RegisteredAt.In(calendar.Zone()), Actions: []string{},
	}
	if out.Skills == nil {
		out.Skills = []string{}
	}
	if out.Free == nil {
		out.Free = []Slot{}
	}
	return out
}

// actions are the steps that who may take now.
func (v Volunteer) actions(who access.Who) []string {
	if !access.May(who, access.VolunteerWrite, v.Target(who)) {
		return []string{}
	}
	switch v.Status {
	case Active:
		return []string{CanEdit, CanPause, CanLeave}
	case Paused:
		return []string{CanEdit, CanResume, CanLeave}
	case Pending:
		return []string{CanEdit, CanConfirm, CanDecline}
	}
	return []string{}
}

// masked hides somebody who is only to be called in need.
func masked(name, phone string) (string, string) {
	return identity.MaskName(name), identity.MaskPhone(phone)
}
