package exchange

import (
	"linli/internal/core/access"
	"linli/internal/core/auth"
	"linli/internal/core/event"
	"linli/internal/core/notify"
	"linli/internal/core/place"
	"linli/internal/kit/db"
)

// Notices says what people are told of their coupons, and stations of findings.
func Notices() []notify.Rule {
	return []notify.Rule{
		{Act: "coupon.redeem", Msg: "您的券用掉了：%s。", To: toldOwner},
		{Act: "coupon.expired", Msg: "您的%s没用，过期了，积分退回来了。", To: toldOwner},
		{Act: "coupon.finding", Msg: "有一张%s用了两次，请看看谁担。", To: toldStation},
	}
}

func toldOwner(tx *db.Tx, e event.Event) (notify.Told, error) {
	c, found, err := readCoupon(tx, e.District, e.Subject)
	if err != nil || !found {
		return notify.Told{}, err
	}
	return notify.Told{Persons: []string{c.Person}, Link: "/coupons/" + c.ID, Args: []notify.Arg{notify.Text(c.Name)}}, nil
}

func toldStation(tx *db.Tx, e event.Event) (notify.Told, error) {
	c, found, err := readCoupon(tx, e.District, e.Subject)
	if err != nil || !found {
		return notify.Told{}, err
	}
	p, err := place.Get(tx, c.Place)
	if err != nil {
		return notify.Told{}, err
	}
	staff, err := auth.Above(tx, c.District, p.Path, access.StationWorker)
	return notify.Told{Persons: staff, Link: "/coupons/findings?place=" + c.Place, Args: []notify.Arg{notify.Text(c.Name)}}, err
}
