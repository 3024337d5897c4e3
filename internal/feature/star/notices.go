package star

import (
	"linli/internal/core/access"
	"linli/internal/core/auth"
	"linli/internal/core/event"
	"linli/internal/core/notify"
	"linli/internal/core/place"
	"linli/internal/kit/db"
)

// Notices says what volunteers and approvers are told.
func Notices() []notify.Rule {
	return []notify.Rule{
		{Act: "star.proposal", Msg: "有一位志愿者够 %d 星了，请看看批不批。", To: toldApprovers},
		{Act: "star.approval", Msg: "您的 %d 星开始公示了。", To: toldVolunteer},
		{Act: "star.award", Msg: "恭喜，您评上了 %d 星。", To: toldVolunteer},
	}
}

func toldVolunteer(tx *db.Tx, e event.Event) (notify.Told, error) {
	c, found, err := readCase(tx, e.District, e.Subject)
	if err != nil || !found {
		return notify.Told{}, err
	}
	return notify.Told{Persons: []string{c.Volunteer}, Link: "/stars/" + c.ID, Args: []notify.Arg{notify.Number(int64(c.Star))}}, nil
}

func toldApprovers(tx *db.Tx, e event.Event) (notify.Told, error) {
	c, found, err := readCase(tx, e.District, e.Subject)
	if err != nil || !found {
		return notify.Told{}, err
	}
	p, err := place.Get(tx, c.Community)
	if err != nil {
		return notify.Told{}, err
	}
	role := map[place.Level]access.Role{place.Community: access.StationWorker, place.Street: access.StreetOfficer, place.District: access.DistrictOfficer}[c.Level]
	staff, err := auth.Above(tx, c.District, p.Path, role)
	return notify.Told{Persons: staff, Link: "/stars/" + c.ID, Args: []notify.Arg{notify.Number(int64(c.Star))}}, err
}
