package person

import (
	"slices"

	"linli/internal/core/calendar"
	"linli/internal/core/identity"
)

// Field is something of a person that is masked until it is opened.
type Field string

// The fields that can be opened.
const (
	FieldName     Field = "name"
	FieldPhone    Field = "phone"
	FieldAddress  Field = "address"
	FieldIDNumber Field = "id_number"
	FieldBirth    Field = "birth"
	FieldNote     Field = "note"
)

// Fields lists all of them, in the order of the page.
func Fields() []Field {
	return []Field{FieldName, FieldPhone, FieldAddress, FieldIDNumber, FieldBirth, FieldNote}
}

// ForHelper are the fields that a volunteer sees from acceptance until the order
// is closed.
func ForHelper() []Field { return []Field{FieldName, FieldPhone, FieldAddress} }

// Label is the word on the page; it is also the id of its translation.
func (f Field) Label() string {
	switch f {
	case FieldName:
		return "姓名"
	case FieldPhone:
		return "电话"
	case FieldAddress:
		return "住址"
	case FieldIDNumber:
		return "证件号码"
	case FieldBirth:
		return "出生日期"
	case FieldNote:
		return "备注"
	}
	return string(f)
}

// Enum lists the values for the decoder of requests.
func (f Field) Enum() []string {
	var all []string
	for _, f := range Fields() {
		all = append(all, string(f))
	}
	return all
}

// View is a person as it may be put out: masked but for the open fields.
type View struct {
	ID         string                `json:"id" doc:"居民编号"`
	Name       string                `json:"name" doc:"姓名，没打开时只留姓" example:"张**"`
	Sex        identity.Sex          `json:"sex,omitempty" doc:"男或女，不知道就没有"`
	Age        *int                  `json:"age,omitempty" doc:"周岁，不知道就没有"`
	Birth      string                `json:"birth,omitempty" doc:"出生日期，打开了才有" example:"1951-03-02"`
	IDType     identity.DocumentKind `json:"id_type,omitempty" doc:"证件类型"`
	IDNumber   string                `json:"id_number,omitempty" doc:"证件号码，没打开时只留头尾各一位"`
	Phone      string                `json:"phone,omitempty" doc:"电话，没打开时中间四位不显示" example:"138****8000"`
	Address    string                `json:"address,omitempty" doc:"住址，没打开时只到楼"`
	Note       string                `json:"note,omitempty" doc:"备注，打开了才有"`
	LivesAlone bool                  `json:"lives_alone" doc:"独居"`
	Community  string                `json:"community" doc:"所在社区的区划代码"`
	Place      string                `json:"place" doc:"所在的楼、网格、小区或社区"`
	Household  string                `json:"household,omitempty" doc:"住户编号"`
	Version    int64                 `json:"version" doc:"改资料时带上，免得盖掉别人刚改的"`
	Open       []Field               `json:"open,omitempty" doc:"哪几项是全的"`
}

// View shows a person with the given fields open and all others masked. Putting
// it out with open fields is for the person itself, or after Disclose.
func (p Person) View(today calendar.Day, open ...Field) View {
	v := View{
		ID: p.ID, Name: identity.MaskName(p.Name), Sex: p.Sex, IDType: p.IDType,
		IDNumber: identity.MaskID(p.IDNumber), Phone: identity.MaskPhone(p.Phone), Address: p.building(),
		LivesAlone: p.LivesAlone, Community: p.Community, Place: p.Place, Household: p.Household,
		Version: p.Version, Open: open,
	}
	if age, known := p.Age(today); known {
		v.Age = &age
	}
	for _, f := range open {
		v.open(f, p)
	}
	return v
}

func (v *View) open(f Field, p Person) {
	switch f {
	case FieldName:
		v.Name = p.Name
	case FieldPhone:
		v.Phone = p.Phone
	case FieldAddress:
		v.Address = p.address()
	case FieldIDNumber:
		v.IDNumber = p.IDNumber
	case FieldBirth:
		v.Birth = p.Birth.String()
	case FieldNote:
		v.Note = p.Note
	}
}

// Shows says whether a field is open in the view.
func (v View) Shows(f Field) bool { return slices.Contains(v.Open, f) }
