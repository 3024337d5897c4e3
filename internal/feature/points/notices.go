package points

import (
	"time"

	"linli/internal/core/event"
	"linli/internal/core/notify"
	"linli/internal/kit/db"
)

// Notices says what people are told of their points.
func Notices() []notify.Rule {
	return []notify.Rule{
		{Act: "points.taken", Msg: "退回了 %d 分：那次服务的记录更正或撤销了。", To: toldPoints},
		{Act: "points.gift", Msg: "有人送了您 %d 分，可以拿去兑换。", To: toldPoints},
		{Act: "points.lapse_told", Msg: "您有 %d 分到 %s 就过期了，请早点用。", To: toldLapse},
		{Act: "points.lapse", Msg: "有 %d 分过期了。", To: toldPoints},
	}
}

func toldPoints(_ *db.Tx, e event.Event) (notify.Told, error) {
	n, _ := e.Data["points"].(float64)
	return notify.Told{Persons: []string{e.Subject}, Link: "/me/points", Args: []notify.Arg{notify.Number(int64(n))}}, nil
}

func toldLapse(tx *db.Tx, e event.Event) (notify.Told, error) {
	told, err := toldPoints(tx, e)
	due, _ := e.Data["due"].(float64)
	told.Args = append(told.Args, notify.Moment(time.UnixMilli(int64(due))))
	return told, err
}
