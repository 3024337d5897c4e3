package town

import "linli/internal/core/access"

// Circle is how far away from the town's middle somebody is at home.
type Circle string

const (
	Here   Circle = "here"   // the community in which the tests happen
	Beside Circle = "beside" // a community of another street, in the same district
	Abroad Circle = "abroad" // a community of another district
)

// Circles lists them, from the middle outwards.
func Circles() []Circle { return []Circle{Here, Beside, Abroad} }

// The places of each circle.
const (
	Country   = "130000000000"
	City      = "130100000000"
	District  = "130104000000"
	Street    = "130104007000"
	Community = "130104007003"
	Building  = Community + "-1"

	besideStreet    = "130104008000"
	besideCommunity = "130104008001"

	abroadDistrict  = "130105000000"
	abroadStreet    = "130105001000"
	abroadCommunity = "130105001001"
)

// Lat and Lng are where the Building stands.
const (
	Lat = 38.03
	Lng = 114.47
)

// Person is somebody who can sign in.
type Person struct {
	Name   string
	Role   access.Role
	Circle Circle
	Place  string // at which the role is held
	Phone  string
	ID     string
}

// Password is everybody's.
const Password = "Lantern-9421"

// cast lists everybody. The first of each role and circle is the one whom Holder
// gives.
func cast() []Person {
	all := []Person{
		{Name: "孟桂兰", Role: access.Resident, Circle: Here, Place: Community},
		{Name: "陈小梅", Role: access.Resident, Circle: Here, Place: Community},
		{Name: "韩立新", Role: access.Volunteer, Circle: Here, Place: Community},
		{Name: "孙淑琴", Role: access.Volunteer, Circle: Here, Place: Community},
		{Name: "郭建民", Role: access.Volunteer, Circle: Here, Place: Community},
		{Name: "林小雨", Role: access.Volunteer, Circle: Here, Place: Community},
		{Name: "方国栋", Role: access.TeamLeader, Circle: Here, Place: Community},
		{Name: "周敏", Role: access.StationWorker, Circle: Here, Place: Community},
		{Name: "梁静", Role: access.SocialWorker, Circle: Here, Place: Community},
		{Name: "冯志远", Role: access.StreetOfficer, Circle: Here, Place: Street},
		{Name: "许文涛", Role: access.DistrictOfficer, Circle: Here, Place: District},
		{Name: "白海霞", Role: access.UnitContact, Circle: Here, Place: Community},
		{Name: "余慧敏", Role: access.Auditor, Circle: Here, Place: District},
		{Name: "罗建平", Role: access.Administrator, Circle: Here, Place: District},

		{Name: "苗秀芳", Role: access.Resident, Circle: Beside, Place: besideCommunity},
		{Name: "康永福", Role: access.Volunteer, Circle: Beside, Place: besideCommunity},
		{Name: "邢志强", Role: access.TeamLeader, Circle: Beside, Place: besideCommunity},
		{Name: "吴远", Role: access.StationWorker, Circle: Beside, Place: besideCommunity},
		{Name: "谭雪", Role: access.SocialWorker, Circle: Beside, Place: besideCommunity},
		{Name: "鲁大海", Role: access.StreetOfficer, Circle: Beside, Place: besideStreet},
		{Name: "范思远", Role: access.UnitContact, Circle: Beside, Place: besideCommunity},
	}
	for i, role := range access.Roles() {
		name := []string{"葛春花", "邵长河", "龚向阳", "万里红", "钱多福", "汤明亮", "尹正德", "黎晓光", "易水寒", "武定国"}[i]
		all = append(all, Person{Name: name, Role: role, Circle: Abroad, Place: abroadPlace(role)})
	}
	return all
}

// abroadPlace is where a role of the other district is held.
func abroadPlace(r access.Role) string {
	switch r {
	case access.StreetOfficer:
		return abroadStreet
	case access.DistrictOfficer, access.Auditor, access.Administrator:
		return abroadDistrict
	}
	return abroadCommunity
}
