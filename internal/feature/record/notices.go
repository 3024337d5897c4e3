package record

import (
	"linli/internal/core/event"
	"linli/internal/core/notify"
	"linli/internal/kit/db"
)

// Notices says what volunteers are told of their record. Time that is not recorded
// is never passed over in silence.
func Notices() []notify.Rule {
	return []notify.Rule{
		{Act: "record.add", Msg: "您的服务记下了：%s，%d 分钟。", To: toldAdded},
		{Act: "record.correct", Msg: "您的一条服务记录更正了：%s，现在是 %d 分钟。", To: toldAdded},
		{Act: "record.withdraw", Msg: "您的一条服务记录作废了：%s。", To: toldWithdrawn},
		{Act: "objection.asked", Msg: "您的一条服务记录有人提了异议，核实以前先不算：%s。", To: toldObjection},
		{Act: "objection.correction", Msg: "您提的那条记录，核实过，更正了。", To: toldAnswer},
		{Act: "objection.withdrawal", Msg: "您提的那条记录，核实过，作废了。", To: toldAnswer},
		{Act: "objection.rejection", Msg: "您提的那条记录，核实过，没有改。看看答复。", To: toldAnswer},
		{Act: "entry.approval", Msg: "您录的补录批了。", To: toldEntry},
		{Act: "entry.refusal", Msg: "您录的补录没有批，看看为什么。", To: toldEntry},
		{Act: "record.overlap", Msg: "有一次服务没记上：那段时间您在 %s 号单也记了服务。要是不对，请告诉服务站。", To: toldOverlap},
	}
}

func toldAdded(tx *db.Tx, e event.Event) (notify.Told, error) {
	r, found, err := get(tx, e.District, e.Subject)
	if err != nil || !found {
		return notify.Told{}, err
	}
	return notify.Told{
		Persons: []string{r.Volunteer}, Link: "/me/record",
		Args: []notify.Arg{notify.Word(r.Name), notify.Number(int64(r.Minutes))},
	}, nil
}

func toldOverlap(_ *db.Tx, e event.Event) (notify.Told, error) {
	volunteer, _ := e.Data["volunteer"].(string)
	other, _ := e.Data["other"].(string)
	told := notify.Told{Persons: []string{volunteer}, Args: []notify.Arg{notify.Text(other)}, Link: "/me/record"}
	if order, _ := e.Data["order"].(string); order != "" {
		told.Link = "/orders/" + order
	}
	return told, nil
}

func toldWithdrawn(tx *db.Tx, e event.Event) (notify.Told, error) {
	r, found, err := get(tx, e.District, e.Subject)
	if err != nil || !found {
		return notify.Told{}, err
	}
	return notify.Told{Persons: []string{r.Volunteer}, Link: "/records/" + r.Replaces, Args: []notify.Arg{notify.Word(r.Name)}}, nil
}

// toldObjection tells the volunteer; who wishes for a correction knows of it.
func toldObjection(tx *db.Tx, e event.Event) (notify.Told, error) {
	r, found, err := get(tx, e.District, e.Subject)
	if err != nil || !found || e.Data["kind"] == OwnWish {
		return notify.Told{}, err
	}
	return notify.Told{Persons: []string{r.Volunteer}, Link: "/records/" + r.ID, Args: []notify.Arg{notify.Word(r.Name)}}, nil
}

func toldAnswer(_ *db.Tx, e event.Event) (notify.Told, error) {
	asked, _ := e.Data["asked_by"].(string)
	return notify.Told{Persons: []string{asked}, Link: "/objections/" + e.Subject}, nil
}

func toldEntry(_ *db.Tx, e event.Event) (notify.Told, error) {
	by, _ := e.Data["entered_by"].(string)
	return notify.Told{Persons: []string{by}, Link: "/entries/" + e.Subject}, nil
}
