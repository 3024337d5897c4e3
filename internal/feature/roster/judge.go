package roster

import (
	"slices"

	"linli/internal/core/identity"
	"linli/internal/core/person"
	"linli/internal/core/place"
	"linli/internal/core/transfer"
	"linli/internal/feature/org"
	"linli/internal/feature/volunteer"
	"linli/internal/kit/db"
)

// Verdict is what becomes of a row.
type Verdict string

const (
	New     Verdict = "new"
	Changed Verdict = "changed"
	Same    Verdict = "same"
	Bad     Verdict = "bad"
)

// Label is the word on the page; id of its translation.
func (v Verdict) Label() string {
	switch v {
	case New:
		return "新登记"
	case Changed:
		return "有更新"
	case Same:
		return "和现在一样"
	case Bad:
		return "有问题"
	}
	return string(v)
}

// judged is a row held against what the house knows.
type judged struct {
	entry
	verdict     Verdict
	known       bool // the person is in the house
	was         person.Person
	volunteer   volunteer.Volunteer // as they stand; zero when they are none yet
	memberships []org.Membership
}

// judge holds a chunk of rows against the house. It only reads.
func judge(tx *db.Tx, district int, chunk []entry) ([]judged, error) {
	k, err := gather(tx, district, chunk)
	if err != nil {
		return nil, err
	}
	out := make([]judged, len(chunk))
	ids := []string{}
	for i, e := range chunk {
		out[i] = k.match(e)
		if out[i].known {
			ids = append(ids, out[i].was.ID)
		}
	}
	volunteers, err := volunteer.Many(tx, district, ids)
	if err != nil {
		return nil, err
	}
	teams, err := org.MembershipsOf(tx, district, ids)
	for i := range out {
		out[i].volunteer, out[i].memberships = volunteers[out[i].was.ID], teams[out[i].was.ID]
		out[i].decide()
	}
	return out, err
}

// known are the persons that a chunk of rows may mean.
type known struct {
	byDocument map[string]person.Person
	byPhone    map[string][]person.Person // by phone and name
}

func gather(tx *db.Tx, district int, chunk []entry) (known, error) {
	documents, phones := map[identity.DocumentKind][]string{}, []string(nil)
	for _, e := range chunk {
		if p := e.person; p.IDNumber != "" {
			documents[p.IDType] = append(documents[p.IDType], p.IDNumber)
		}
		if e.person.Phone != "" {
			phones = append(phones, e.person.Phone)
		}
	}
	k := known{map[string]person.Person{}, map[string][]person.Person{}}
	for kind, numbers := range documents {
		same, err := person.ByDocuments(tx, district, kind, numbers)
		if err != nil {
			return k, err
		}
		for _, p := range same {
			k.byDocument[string(p.IDType)+p.IDNumber] = p
		}
	}
	same, err := person.ByPhones(tx, district, phones)
	for _, p := range same {
		k.byPhone[p.Phone+p.Name] = append(k.byPhone[p.Phone+p.Name], p)
	}
	return k, err
}

// match finds whom a row means, and what speaks against it.
func (k known) match(e entry) judged {
	j := judged{entry: e}
	p, has := k.byDocument[string(e.person.IDType)+e.person.IDNumber]
	has = has && e.person.IDNumber != ""
	same := k.byPhone[e.person.Phone+e.person.Name]
	if e.person.Phone == "" || e.person.Name == "" {
		same = nil
	}
	switch {
	case has && p.Name != e.person.Name:
		j.remark(transfer.RosterDocument, "这个证件号码登记的是%s，请核对。", identity.MaskName(p.Name))
	case has && slices.ContainsFunc(same, func(o person.Person) bool { return o.ID != p.ID }):
		j.remark(transfer.RosterPhone, "证件号码和电话登记在两个人名下，请核对。")
	case has:
		j.known, j.was = true, p
	case len(same) > 1:
		j.remark("", "同名同电话的登记了 %d 位，分不清是哪一位，请填证件号码。", len(same))
	case len(same) == 1 && e.person.IDNumber != "" && same[0].IDNumber != "":
		j.remark(transfer.RosterDocument, "同名同电话的人登记的是另一个证件号码，请核对。")
	case len(same) == 1:
		j.known, j.was = true, same[0]
	}
	if j.known && e.person.Place != "" && j.was.Community != place.CommunityOf(e.person.Place) {
		j.known = false
		j.remark("", "这个人登记在别的社区，请先和那边的服务站核对。")
	}
	return j
}

// decide says what becomes of the row.
func (j *judged) decide() {
	switch {
	case len(j.remarks) > 0:
		j.verdict = Bad
	case j.volunteer.ID == "":
		j.verdict = New
	case j.volunteer.Status == volunteer.Left:
		j.verdict = Same
		j.remark("", "本人说过不当志愿者，这一行不导入。")
	default:
		j.verdict = Same
		if fields := j.differences(); len(fields) > 0 {
			j.verdict = Changed
			for _, heading := range fields {
				j.remark(heading, "会更新。")
			}
		}
	}
}

// differences are the headings of what the row would change.
func (j *judged) differences() []string {
	var out []string
	add := func(heading string, differs bool) {
		if differs {
			out = append(out, heading)
		}
	}
	p, v := j.completed(), j.merged(j.volunteer)
	add(transfer.RosterVolunteerNo, v.NationalNo != j.volunteer.NationalNo)
	add(transfer.RosterSex, p.Sex != j.was.Sex)
	add(transfer.RosterBirth, p.Birth != j.was.Birth)
	add(transfer.RosterDocument, p.IDNumber != j.was.IDNumber)
	add(transfer.RosterPolitics, v.Political != j.volunteer.Political)
	add(transfer.RosterEducation, v.Education != j.volunteer.Education)
	add(transfer.RosterAddress, p.Place != j.was.Place || p.Door != j.was.Door || p.Address != j.was.Address)
	add(transfer.RosterPhone, p.Phone != j.was.Phone)
	add(transfer.RosterSkills, !slices.Equal(v.Skills, volunteer.TidySkills(j.volunteer.Skills)))
	add(transfer.RosterTeam, len(j.joins()) > 0)
	add(transfer.RosterFreeTime, !slices.Equal(v.Free, volunteer.TidyFree(j.volunteer.Free)))
	add(transfer.RosterEmergencyName, v.ContactName != j.volunteer.ContactName)
	add(transfer.RosterEmergencyPhone, v.ContactPhone != j.volunteer.ContactPhone)
	add(transfer.RosterRemark, v.Note != j.volunteer.Note)
	return out
}

// joins are the teams into which the row brings the person, who has never been in
// them: whom a team has lost a roster does not bring back.
func (j *judged) joins() []string {
	var out []string
	for _, name := range j.entry.teams {
		if !slices.ContainsFunc(j.memberships, func(m org.Membership) bool { return m.Name == name }) {
			out = append(out, name)
		}
	}
	return out
}

// open says whether the place still writes for the volunteer: until they agree.
func (j *judged) open() bool { return !j.volunteer.Status.Counts() }

// completed is the person with what the row knows more. What is known stays, but
// for the phone and the address of somebody whom only rosters have spoken of.
func (j *judged) completed() person.Person {
	p := j.was
	fill(&p.Sex, j.person.Sex)
	fill(&p.Birth, j.person.Birth)
	if p.IDNumber == "" && j.person.IDNumber != "" {
		p.IDType, p.IDNumber = j.person.IDType, j.person.IDNumber
	}
	fill(&p.Phone, j.person.Phone)
	if j.volunteer.Status == volunteer.Pending && j.volunteer.Origin == volunteer.FromImport && j.person.Phone != "" {
		p.Phone = j.person.Phone
	}
	if p.Place == p.Community && p.Address == "" {
		p.Place, p.Door, p.Address = j.person.Place, j.person.Door, j.person.Address
	}
	return p
}

// merged is the volunteer with what the row says.
func (j *judged) merged(v volunteer.Volunteer) volunteer.Volunteer {
	say := fill[string]
	if j.open() {
		say = overwrite
	}
	if j.number != "" && j.number != v.Number {
		fill(&v.NationalNo, j.number)
	}
	say(&v.Political, j.political)
	say(&v.Education, j.education)
	if j.contactName != "" && j.contactPhone != "" {
		say(&v.ContactName, j.contactName)
		say(&v.ContactPhone, j.contactPhone)
	}
	say(&v.Note, j.note)
	if len(j.skills) > 0 && (j.open() || len(v.Skills) == 0) {
		v.Skills = j.skills
	}
	if len(j.free) > 0 && (j.open() || len(v.Free) == 0) {
		v.Free = j.free
	}
	v.Skills, v.Free = volunteer.TidySkills(v.Skills), volunteer.TidyFree(v.Free)
	return v
}

// fill sets what is not known yet.
func fill[T comparable](to *T, from T) {
	var zero T
	if *to == zero {
		*to = from
	}
}

// overwrite sets whatever is said.
func overwrite(to *string, from string) {
	if from != "" {
		*to = from
	}
}
