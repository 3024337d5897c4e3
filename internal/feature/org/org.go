package org

import (
	"linli/internal/core/category"
	"linli/match"
)

// Kind is what an organisation is.
type Kind string

const (
	Team         Kind = "team"          // 志愿队伍
	CommunityOrg Kind = "community_org" // 社区社会组织
	SocialOrg    Kind = "social_org"    // 登记的社会组织
	Federation   Kind = "federation"    // 联合会
	Agency       Kind = "agency"        // 社工机构
	Unit         Kind = "unit"          // 驻区单位
	Merchant     Kind = "merchant"      // 商户
)

// Kinds lists them in the order of the page.
func Kinds() []Kind {
	return []Kind{Team, CommunityOrg, SocialOrg, Federation, Agency, Unit, Merchant}
}

// Label is the word on the page; id of its translation.
func (k Kind) Label() string {
	switch k {
	case Team:
		return "志愿队伍"
	case CommunityOrg:
		return "社区社会组织"
	case SocialOrg:
		return "登记的社会组织"
	case Federation:
		return "联合会"
	case Agency:
		return "社工机构"
	case Unit:
		return "驻区单位"
	case Merchant:
		return "商户"
	}
	return string(k)
}

// Enum lists the values for the decoder of requests.
func (k Kind) Enum() []string {
	var all []string
	for _, k := range Kinds() {
		all = append(all, string(k))
	}
	return all
}

// metric is the name under which a community counts organisations of the kind.
func (k Kind) metric() string {
	switch k {
	case Team:
		return "teams"
	case CommunityOrg:
		return "orgs"
	}
	return "orgs/" + string(k)
}

// Statuses of an organisation.
const (
	Active = "active"
	Closed = "closed"
)

// MostOrders bounds a team's capacity, in orders a week.
const MostOrders = 200

// Org is one organisation.
type Org struct {
	District     int
	ID           string
	Kind         Kind
	Name         string
	Class        string // the place's own classes: 生活服务类, 文体活动类 …
	Status       string // active, closed
	Community    string // empty for one of a whole street or district
	Place        string
	PlacePath    string
	Leader       string // person id; empty when unknown
	Phone        string
	Founded      string // ISO day, year-month or year, as far as known
	Purpose      string
	At           *match.Point
	CapacityWeek int // orders a week; 0: no limit
	CreatedAt    int64
	Version      int64

	Services []string // service ids of core/category
	Members  int      // how many serve now
}

// Serves says whether the organisation may be asked to take an order.
func (o Org) Serves() bool { return o.Kind == Team && o.Status == Active && o.Leader != "" }

// counts says whether the organisation is counted in its community; what belongs
// to a whole street or district is counted from its rows.
func (o Org) counts() bool { return o.Status == Active && o.Community != "" }

// Candidate is a team in the terms of the matching engine.
func (o Org) Candidate() match.Candidate {
	c := match.Candidate{
		Key: match.Key{Kind: match.Team, ID: o.ID}, LimitWeek: o.CapacityWeek, Members: max(1, o.Members),
	}
	if o.At != nil {
		c.At = *o.At
	}
	for _, s := range o.Services {
		if service, ok := category.ByID(s); ok {
			c.Skills = append(c.Skills, match.Skill{Code: service.Code})
		}
	}
	return c
}
