package org

import (
	"regexp"

	"linli/internal/core/category"
	"linli/internal/core/identity"
	"linli/internal/feature/volunteer"
	"linli/internal/kit/fault"
)

// Draft is what staff write down about an organisation. What is left out of a
// change stays as it is.
type Draft struct {
	Name    *string `json:"name" label:"名称" maxLength:"100"`
	Class   *string `json:"class" label:"类别" maxLength:"50" doc:"本地的分类，比如生活服务类"`
	Phone   *string `json:"phone" label:"电话" maxLength:"30"`
	Founded *string `json:"founded" label:"成立日期" maxLength:"10" doc:"年、年月或年月日" example:"2018-08"`
	Purpose *string `json:"purpose" label:"做什么的" lines:"true" maxLength:"500"`
	Leader  *string `json:"leader" label:"队长" maxLength:"40" doc:"志愿者编号、手机号或居民编号；写空就是没有队长"`
	Running
}

// Running is what a leader decides about a team.
type Running struct {
	Services     []string `json:"services" label:"接哪些单" maxItems:"60" doc:"服务的 id"`
	CapacityWeek *int     `json:"capacity_week" label:"一周能接几单" minimum:"0" maximum:"200" doc:"0 是不限"`
}

// onto writes the draft into o, all but the leader. All mistakes are named at
// once.
func (d Draft) onto(o *Org) error {
	errs := []error{d.Running.onto(o)}
	line := func(to *string, from *string, field string, most int) {
		if from != nil {
			text, err := identity.Line(field, *from, most)
			*to = text
			errs = append(errs, err)
		}
	}
	line(&o.Name, d.Name, "name", identity.MaxTitle)
	line(&o.Class, d.Class, "class", identity.MaxName)
	line(&o.Founded, d.Founded, "founded", 10)
	if d.Purpose != nil {
		text, err := identity.Text("purpose", *d.Purpose, identity.MaxNote)
		o.Purpose = text
		errs = append(errs, err)
	}
	if d.Phone != nil {
		o.Phone = identity.CleanLine(*d.Phone)
	}
	if d.Phone != nil && o.Phone != "" {
		phone, err := identity.Phone("phone", o.Phone)
		o.Phone = phone
		errs = append(errs, err)
	}
	return fault.Join(append(errs, o.check())...)
}

var founded = regexp.MustCompile(`^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$`)

func (o Org) check() error {
	var errs []error
	if o.Name == "" {
		errs = append(errs, fault.Invalid("name", "请写上名称。"))
	}
	if o.Founded != "" && !founded.MatchString(o.Founded) {
		errs = append(errs, fault.Invalid("founded", "成立日期请写成 2018、2018-08 或 2018-08-26 这样。"))
	}
	return fault.Join(errs...)
}

// onto writes services and capacity into o.
func (d Running) onto(o *Org) error {
	if d.Services != nil {
		o.Services = volunteer.TidySkills(d.Services)
	}
	for _, id := range o.Services {
		if _, known := category.ByID(id); !known {
			return fault.Invalid("services", "没有“%s”这种服务。", id)
		}
	}
	if d.CapacityWeek != nil {
		o.CapacityWeek = *d.CapacityWeek
	}
	if o.CapacityWeek < 0 || o.CapacityWeek > MostOrders {
		return fault.Invalid("capacity_week", "一周能接几单，填 0 到 %d，0 是不限。", MostOrders)
	}
	return nil
}
