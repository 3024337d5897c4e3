package certificate

import (
	"linli/internal/core/event"
	"linli/internal/core/notify"
	"linli/internal/kit/db"
)

// Notices says what volunteers are told of their certificates.
func Notices() []notify.Rule {
	return []notify.Rule{
		{Act: "certificate.issue", Msg: "您的服务证明开好了，编号 %s。", To: toldByStation},
		{Act: "certificate.refusal", Msg: "服务证明没有开，原因写在里面。", To: toldEnd},
		{Act: "certificate.revocation", Msg: "您的服务证明 %s 撤销了，原因写在里面。", To: told},
	}
}

// toldByStation leaves out what volunteers did themselves a moment ago.
func toldByStation(tx *db.Tx, e event.Event) (notify.Told, error) {
	if e.Actor == "" {
		return notify.Told{}, nil
	}
	return told(tx, e)
}

func told(tx *db.Tx, e event.Event) (notify.Told, error) {
	c, found, err := get(tx, e.District, e.Subject)
	if err != nil || !found {
		return notify.Told{}, err
	}
	return notify.Told{Persons: []string{c.Volunteer}, Args: []notify.Arg{notify.Text(c.Number)}, Link: hrefOf(c.ID)}, nil
}

func toldEnd(tx *db.Tx, e event.Event) (notify.Told, error) {
	t, err := told(tx, e)
	t.Args = nil
	return t, err
}
