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
