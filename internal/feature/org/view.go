package org

import (
	"context"
	"slices"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/identity"
	"linli/internal/core/person"
	"linli/internal/core/place"
	"linli/internal/feature/volunteer"
	"linli/internal/kit/db"
)

// View is an organisation as it may be put out.
type View struct {
	ID           string       `json:"id" doc:"组织编号"`
	Kind         Kind         `json:"kind" doc:"是哪一种"`
	Name         string       `json:"name" doc:"名称"`
	Class        string       `json:"class,omitempty" doc:"本地的分类"`
	Status       string       `json:"status" enum:"active,closed" doc:"active 在活动，closed 解散了"`
	Community    string       `json:"community,omitempty" doc:"所在社区的区划代码，全街道或全区的没有"`
	Place        string       `json:"place" doc:"在哪里"`
	PlaceName    string       `json:"place_name" doc:"那里叫什么"`
	Leader       string       `json:"leader,omitempty" doc:"队长的居民编号"`
	LeaderName   string       `json:"leader_name,omitempty" doc:"队长的姓名，外人看只有姓"`
	Phone        string       `json:"phone,omitempty" doc:"组织的电话"`
	Founded      string       `json:"founded,omitempty" doc:"成立日期，知道到年、月或日" example:"2018-08"`
	Purpose      string       `json:"purpose,omitempty" doc:"做什么的"`
	Services     []string     `json:"services" doc:"接哪些单"`
	CapacityWeek int          `json:"capacity_week" doc:"一周能接几单，0 是不限"`
	Members      int          `json:"members" doc:"有几个人"`
	MemberList   []MemberView `json:"member_list,omitempty" doc:"队里的人，队员和工作人员才看得到"`
	Actions      []string     `json:"actions" doc:"您现在能办的：edit、run、close、enlist、join、quit"`
}

// MemberView is one person of a team.
type MemberView struct {
	ID     string    `json:"id" doc:"居民编号"`
	Name   string    `json:"name" doc:"姓名"`
	Leader bool      `json:"leader" doc:"是不是队长"`
	Since  time.Time `json:"since" doc:"什么时候加入的"`
	Skills []string  `json:"skills" doc:"会做的服务"`
}

// Actions that the page of an organisation offers.
const (
	CanEdit   = "edit"
	CanRun    = "run"
	CanClose  = "close"
	CanEnlist = "enlist"
	CanJoin   = "join"
	CanQuit   = "quit"
)

// Show is one organisation.
func (s *Service) Show(ctx context.Context, who access.Who, id string) (v View, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		o, err := seek(tx, who, id)
		if err != nil {
			return err
		}
		if err := access.Check(who, access.OrgRead, o.Target(who)); err != nil {
			return err
		}
		v, err = show(tx, who, o.District, o.ID)
		return err
	})
	return v, err
}

// show reads an organisation anew and puts it out for who.
func show(tx *db.Tx, who access.Who, district int, id string) (View, error) {
	o, _, err := Get(tx, district, id)
	if err != nil {
		return View{}, err
	}
	at, err := place.Get(tx, o.Place)
	if err != nil {
		return View{}, err
	}
	members, err := membersOf(tx, o)
	if err != nil {
		return View{}, err
	}
	v := o.view()
	v.PlaceName = at.Name
	inside := slices.ContainsFunc(members, func(m MemberView) bool { return m.ID == who.Person && who.District == district })
	if v.Actions, err = o.actions(tx, who, inside); err != nil {
		return v, err
	}
	if inside || access.May(who, access.VolunteerRead, o.Target(who)) {
		v.MemberList = members
	}
	return v, v.nameLeader(tx, o)
}

// nameLeader tells members and staff who leads, and all others the surname.
func (v *View) nameLeader(tx *db.Tx, o Org) error {
	if o.Leader == "" {
		return nil
	}
	leader, err := person.Many(tx, o.District, []string{o.Leader})
	if v.LeaderName = leader[o.Leader].Name; v.MemberList == nil {
		v.LeaderName = identity.MaskName(v.LeaderName)
	}
	return err
}

func (o Org) view() View {
	v := View{ID: o.ID, Kind: o.Kind, Name: o.Name, Class: o.Class, Status: o.Status, Community: o.Community, Place: o.Place,
		Leader: o.Leader, Phone: o.Phone, Founded: o.Founded, Purpose: o.Purpose, Services: o.Services,
		CapacityWeek: o.CapacityWeek, Members: o.Members, Actions: []string{}}
	if v.Services == nil {
		v.Services = []string{}
	}
	return v
}

// membersOf lists who serves in an organisation now, the leader first.
func membersOf(tx *db.Tx, o Org) ([]MemberView, error) {
	members, err := memberRows(tx, o.District, o.ID)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(members))
	for i, m := range members {
		ids[i] = m.ID
	}
	known, err := volunteer.Many(tx, o.District, ids)
	if err != nil {
		return nil, err
	}
	persons, err := person.Many(tx, o.District, ids)
	for i := range members {
		m := &members[i]
		m.Name, m.Leader, m.Skills = persons[m.ID].Name, m.ID == o.Leader, append([]string{}, known[m.ID].Skills...)
		m.Since = m.Since.In(calendar.Zone())
	}
	slices.SortStableFunc(members, func(a, b MemberView) int {
		switch {
		case a.Leader && !b.Leader:
			return -1
		case b.Leader && !a.Leader:
			return 1
		}
		return 0
	})
	return members, err
}

// actions are the steps that who may take now.
func (o Org) actions(tx *db.Tx, who access.Who, inside bool) ([]string, error) {
	out := []string{}
	if o.Status != Active {
		return out, nil
	}
	if access.May(who, access.OrgWrite, o.Target(who)) {
		out = append(out, CanEdit, CanClose)
	}
	if o.Kind != Team {
		return out, nil
	}
	if access.May(who, access.OrgLead, o.Target(who)) {
		out = append(out, CanRun, CanEnlist)
	}
	if inside && who.Person != o.Leader {
		return append(out, CanQuit), nil
	}
	v, found, err := volunteer.Get(tx, o.District, who.Person)
	if found && !inside && who.District == o.District && v.Status.Counts() {
		out = append(out, CanJoin)
	}
	return out, err
}

// ShowFor is Show for somebody who may take a step; for others the step is refused.
func (s *Service) ShowFor(ctx context.Context, who access.Who, id, action string) (View, error) {
	v, err := s.Show(ctx, who, id)
	if err == nil && !slices.Contains(v.Actions, action) {
		err = access.Check(who, access.OrgWrite, access.Target{})
	}
	return v, err
}

// Site is the place at which who may add an organisation.
func (s *Service) Site(ctx context.Context, who access.Who, id string) (at place.Place, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if at, err = where(tx, who, id); err != nil {
			return err
		}
		return access.Check(who, access.OrgWrite, at.Target())
	})
	return at, err
}

// TeamsOf lists the organisations that a person serves in now.
func (s *Service) TeamsOf(ctx context.Context, district int, person string) (out []Membership, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		all, err := MembershipsOf(tx, district, []string{person})
		out = slices.DeleteFunc(all[person], func(m Membership) bool { return m.Ended })
		return err
	})
	return out, err
}
