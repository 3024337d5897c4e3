package order

import (
	"slices"
	"time"

	"linli/internal/core/event"
	"linli/internal/core/notify"
	"linli/internal/kit/db"
)

// Notices says who is told what of an order: those who asked, those who are asked
// to help, those who help. The station has its board. People without an account
// are telephoned by the station.
func Notices() []notify.Rule {
	hosts := about(hostsOf)
	return []notify.Rule{
		{Act: "order.offers", Msg: "有人请您帮忙：%s，%s。接不接，请说一声。", To: about(askedOf)},
		{Act: "order.acceptance", Msg: "队长派您去帮忙：%s，%s。", To: about(sentOf)},
		{Act: "order.acceptance", Msg: "有人接您的单了：%s，%s。", To: hosts},
		{Act: "order.taking", Msg: "有人接您的单了：%s，%s。", To: hosts},
		{Act: "order.acceptance", Msg: "已经有人接了：%s，%s。下次再请您。", To: about(filledOf)},
		{Act: "order.taking", Msg: "已经有人接了：%s，%s。下次再请您。", To: about(filledOf)},
		{Act: "order.withdrawal", Msg: "答应来的人来不了了，正在换人：%s，%s。", To: hosts},
		{Act: "order.handback", Msg: "暂时没人应，服务站接着想办法：%s，%s。", To: hosts},
		{Act: "order.return", Msg: "退回服务站了，不用去了：%s，%s。", To: about(releasedOf)},
		{Act: "order.return", Msg: "退回服务站了，站里重新找人：%s，%s。", To: hosts},
		{Act: "order.cancellation", Msg: "取消了，不用去了：%s，%s。", To: about(releasedOf)},
		{Act: "order.cancellation", Msg: "取消了：%s，%s。", To: hosts},
		{Act: "order.overdue", Msg: "这一单超时了，去不了请说一声：%s，%s。", To: about(lateHelpersOf)},
		{Act: "order.overdue", Msg: "等久了，服务站在加急办：%s，%s。", To: about(lateHostsOf)},
		{Act: "order.escalation", Msg: "超过期限还没办，请街道过问：%s，%s。", To: about(streetOf)},
		{Act: "order.completion", Msg: "办好了，请您评一评：%s，%s。", To: hosts},
		{Act: "order.forgotten", Msg: "您忘了签退，先按 %d 分钟记着，等队长或服务站确认。", To: toldMinutes},
		{Act: "order.settlement", Msg: "您忘了签退的那一次，定下来是 %d 分钟。", To: toldMinutes},
	}
}

// about makes a rule's To of a function that finds the persons: the sentence names
// the service and the time, and leads to the order.
func about(persons func(*db.Tx, *Order, event.Event) ([]string, error)) func(*db.Tx, event.Event) (notify.Told, error) {
	return func(tx *db.Tx, e event.Event) (notify.Told, error) {
		o, found, err := read(tx, e.District, e.Subject)
		if err != nil || !found {
			return notify.Told{}, err
		}
		when := notify.Word("哪天都行")
		from, err := beginOf(tx, o, e)
		if err != nil {
			return notify.Told{}, err
		}
		if !from.IsZero() {
			when = notify.Moment(from)
		}
		told := notify.Told{Args: []notify.Arg{notify.Word(o.Title), when}, Link: "/orders/" + o.ID}
		told.Persons, err = persons(tx, o, e)
		return told, err
	}
}

// beginOf is when a visit begins: as a plan has it where it is asked for or just accepted,
// else as the order says.
func beginOf(tx *db.Tx, o *Order, e event.Event) (time.Time, error) {
	offers, err := offersOf(tx, o.District, o.ID)
	for _, f := range offers {
		asked := e.Act == "order.offers" && f.State == OfferOpen
		accepted := e.Act == "order.acceptance" && f.State == OfferAccepted && f.AnsweredAt.Equal(e.At)
		if (asked || accepted) && !f.From.IsZero() {
			return f.From, err
		}
	}
	return o.From, err
}

// hostsOf are the one who is helped and who asked for them, unless that was the
// station.
func hostsOf(_ *db.Tx, o *Order, _ event.Event) ([]string, error) {
	if o.Acting == ActingStation {
		return []string{o.For}, nil
	}
	return []string{o.For, o.Requester}, nil
}

// askedOf are those whom this wave asked and who have not answered yet.
func askedOf(tx *db.Tx, o *Order, e event.Event) ([]string, error) {
	return answerers(tx, o, func(f Offer) bool { return f.State == OfferOpen && f.SentAt.Equal(e.At) })
}

// filledOf are those whom this acceptance was quicker than.
func filledOf(tx *db.Tx, o *Order, e event.Event) ([]string, error) {
	return answerers(tx, o, func(f Offer) bool { return f.State == OfferFilled && f.AnsweredAt.Equal(e.At) })
}

// answerers are those who answer for the offers that match.
func answerers(tx *db.Tx, o *Order, match func(Offer) bool) ([]string, error) {
	offers, err := offersOf(tx, o.District, o.ID)
	var out []string
	for _, f := range offers {
		if match(f) {
			out = append(out, f.Asked)
		}
	}
	return out, err
}

// sentOf are the members whom a leader sends, the leader left out.
func sentOf(_ *db.Tx, _ *Order, e event.Event) ([]string, error) {
	if team, _ := e.Data["team"].(string); team == "" {
		return nil, nil
	}
	return volunteersOf(e), nil
}

// releasedOf are those who had promised to come and need not any more.
func releasedOf(tx *db.Tx, o *Order, e event.Event) ([]string, error) {
	return db.All(tx, func(s db.Scanner) (id string, err error) { return id, s.Scan(&id) },
		`SELECT volunteer FROM assignment WHERE district = $1 AND order_id = $2 AND state = 'released' AND ended_at = $3`,
		o.District, o.ID, e.At.UnixMilli())
}

// lateHostsOf are the hosts of an order that still waits for somebody.
func lateHostsOf(tx *db.Tx, o *Order, e event.Event) ([]string, error) {
	if !o.Late || !o.Open() && !o.NeedsCheck {
		return nil, nil
	}
	return hostsOf(tx, o, e)
}

// lateHelpersOf are those who accepted an order that should be done by now.
func lateHelpersOf(tx *db.Tx, o *Order, _ event.Event) ([]string, error) {
	if !o.Late || o.State != Accepted && o.State != Serving {
		return nil, nil
	}
	people, err := assignmentsOf(tx, o.District, o.ID)
	people = slices.DeleteFunc(people, func(a Assignment) bool { return a.State != Active })
	var out []string
	for _, a := range people {
		out = append(out, a.Volunteer)
	}
	return out, err
}

// toldMinutes tells the volunteers of an event its minutes.
func toldMinutes(_ *db.Tx, e event.Event) (notify.Told, error) {
	minutes, _ := e.Data["minutes"].(float64)
	return notify.Told{Persons: volunteersOf(e), Args: []notify.Arg{notify.Number(int64(minutes))}, Link: "/orders/" + e.Subject}, nil
}

// volunteersOf are those whom an event says it is about.
func volunteersOf(e event.Event) []string {
	list, _ := e.Data["volunteers"].([]any)
	var out []string
	for _, v := range list {
		if id, ok := v.(string); ok {
			out = append(out, id)
		}
	}
	return out
}
