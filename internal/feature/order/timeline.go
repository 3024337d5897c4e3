package order

import (
	"strings"

	"linli/internal/core/access"
	"linli/internal/core/event"
	"linli/internal/core/ui"
)

// sentences say each event in words. %[1]s is the actor; ids of translations.
var sentences = map[string]string{
	"order.request":      "%s点了单",
	"order.verification": "%s核实过了",
	"order.offers":       "%s派单，问了 %d 处",
	"order.acceptance":   "%s接单",
	"order.taking":       "%s主动接单",
	"order.standby":      "%s愿意候补",
	"order.refusal":      "%s这次不行",
	"order.lapse":        "%s没有按时答复",
	"order.handback":     "没人应，交回服务站",
	"order.withdrawal":   "%s去不了了",
	"order.check-in":     "%s到了，签到",
	"order.check-out":    "%s办完，签退",
	"order.confirmation": "%s说志愿者来过",
	"order.forgotten":    "%s忘了签退，先按 %d 分钟记着，等队长确认",
	"order.settlement":   "%s确认了 %d 分钟",
	"order.completion":   "%s说办好了",
	"order.evaluation":   "%s评了",
	"order.return":       "%s退回服务站",
	"order.cancellation": "%s说不要了",
	"order.overdue":      "超过期限，已经提醒服务站",
	"order.escalation":   "超过期限还没办，已经报到街道",
	"order.closing":      "评价的时间到了，自动办结",
	"order.call":         "%s打了电话",
}

// timeline tells what happened, oldest first.
func (b *viewing) timeline(v *View) (err error) {
	if b.events, err = event.Of(b.tx, b.o.District, b.o.ID); err != nil {
		return err
	}
	for _, e := range b.events {
		m, err := b.moment(e)
		if err != nil {
			return err
		}
		if m.Text != "" {
			v.Timeline = append(v.Timeline, m)
		}
	}
	return nil
}

func (b *viewing) moment(e event.Event) (Moment, error) {
	sentence, known := sentences[e.Act]
	if !known || b.hidden(e) {
		return Moment{}, nil
	}
	actor, err := b.actor(e)
	if err != nil {
		return Moment{}, err
	}
	if _, planned := e.Data["plan"]; planned {
		sentence = "%s一键排单，问了 %d 处"
	}
	return Moment{At: local(e.At), Act: e.Act[len("order."):], Actor: actor, Text: b.say(sentence, actor, e)}, nil
}

// hidden keeps from whom it does not concern who was asked and said no.
func (b *viewing) hidden(e event.Event) bool {
	switch e.Act {
	case "order.refusal", "order.lapse", "order.standby", "order.forgotten", "order.settlement":
		return !b.staff() && e.Actor != b.who.Person && !access.May(b.who, access.OrderList, b.o.ProcessTarget())
	}
	return false
}

// actor is who did it; a deadline that concerns one volunteer is told of that one.
func (b *viewing) actor(e event.Event) (string, error) {
	id := e.Actor
	if list, ok := e.Data["volunteers"].([]any); ok && id == "" && len(list) == 1 {
		id, _ = list[0].(string)
	}
	name, err := b.name(id)
	if name == "" || !b.close() && id != b.o.For && id != b.who.Person {
		name = ui.T(b.tx.Context(), "服务站")
	}
	return name, err
}

func (b *viewing) say(sentence, actor string, e event.Event) string {
	args := []any{}
	if strings.Contains(sentence, "%s") {
		args = append(args, actor)
	}
	switch e.Act {
	case "order.offers":
		to, _ := e.Data["to"].([]any)
		args = append(args, len(to))
	case "order.forgotten", "order.settlement":
		minutes, _ := e.Data["minutes"].(float64)
		args = append(args, int(minutes))
	}
	if len(args) == 0 {
		return ui.T(b.tx.Context(), sentence)
	}
	return ui.T(b.tx.Context(), sentence, args...)
}
