package demo

import (
	"slices"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/feature/order"
)

// today is 东风路南 as the demo shows it: the people of the mock-ups with orders in
// every state. Ages of steps are minutes before now.
type today struct{ *past }

// reserve keeps the helpers of the mock-ups free for what today needs them for.
func (d *today) reserve() {
	for h := range d.helpers {
		if d.isKnown(h) {
			d.busy[h] = append(d.busy[h], span{d.now.AddDate(0, 0, -3), d.now.AddDate(0, 0, 14)})
		}
	}
}

// phone begins an order for which a known resident telephoned the station.
func (d *today) phone(name, service, text string, minutesAgo int) *tale {
	st := &story{soul: d.soulNamed(name), need: d.needOf(service), text: text, heads: 1, asker: d.worker, source: order.SourcePhone}
	t := &tale{past: d.past, story: st}
	return t.ago(minutesAgo)
}

// app begins an order that a known resident asks for, for whomever.
func (d *today) app(asker, name, service, text string, minutesAgo int) *tale {
	t := d.phone(name, service, text, minutesAgo)
	t.asker, t.source = d.known(asker), order.SourceApp
	return t
}

func (d *today) known(name string) access.Who { return d.actor(d.soulNamed(name)) }

// to are known helpers as those who are asked.
func (d *today) to(names ...string) []order.Candidate {
	var out []int
	for _, name := range names {
		out = append(out, d.helperNamed(name))
	}
	return d.volunteers(out)
}

func (d *today) needOf(service string) *need {
	for i := range d.needs {
		if d.needs[i].service == service {
			return &d.needs[i]
		}
	}
	return &need{service: service, minutes: [2]int{30, 60}}
}

// ago moves the tale to so many minutes before now, with the nights left out:
// what would lie in one is pressed into the hour before it, in its order.
func (t *tale) ago(minutes int) *tale {
	t.at = waking(t.now.Add(-time.Duration(minutes) * time.Minute))
	return t
}

// waking presses the hours from 20:30 to 7:30 into the one from 20:30 to 21:30.
func waking(at time.Time) time.Time {
	const evening, night = 20*time.Hour + 30*time.Minute, 11 * time.Hour
	dusk := calendar.DayOf(at).Start().Add(evening)
	if at.Before(dusk) {
		dusk = dusk.Add(-24 * time.Hour)
	}
	if into := at.Sub(dusk); into < night {
		return dusk.Add(into / 11)
	}
	return at
}

// on sets when the help is to come: a day from today, and an hour.
func (t *tale) on(days int, hour float64, hours float64) *tale {
	t.from = calendar.DayOf(t.now).Add(days).Start().Add(time.Duration(hour * float64(time.Hour)))
	t.to, t.timed = t.from.Add(time.Duration(hours*float64(time.Hour))), true
	return t
}

// sent is the worker's asking at an age, after verifying where a rule asks for it.
func (t *tale) sent(minutesAgo int, to ...order.Candidate) *tale {
	t.ago(minutesAgo + 8).then((*turn).verify)
	t.ago(minutesAgo).then(func(u *turn) error { return u.offer(t.worker, to...) })
	return t
}

func (t *tale) yes(minutesAgo, h int) *tale {
	t.ago(minutesAgo).then(func(u *turn) error { return u.accept(t.who(h)) })
	return t
}

// visited ends at an age, and took fifty minutes.
func (t *tale) visited(minutesAgo, h int, note string) *tale {
	t.ago(minutesAgo + 50).then(func(u *turn) error { return u.checkIn(t.who(h), byBoth) })
	t.ago(minutesAgo).then(func(u *turn) error { return u.checkOut(t.who(h), byPosition) })
	t.then(func(u *turn) error { return u.complete(t.who(h), note) })
	return t
}

func (t *tale) says(minutesAgo int, who access.Who, side order.Side, face order.Satisfaction, words string) *tale {
	t.ago(minutesAgo).then(func(u *turn) error {
		return u.evaluate(who, order.Opinion{Side: side, Satisfaction: face, Words: words})
	})
	return t
}

// plan tells the stories of the day.
func (d *today) plan() {
	d.habits()
	d.overLimit()
	d.reported()
	d.waiting()
	d.asked()
	d.agreed()
	d.underWay()
	d.toEvaluate()
	d.back()
}

// habits are orders of the past months by which people know each other.
func (d *today) habits() {
	for months := 1; months <= 5; months++ {
		at := d.askedAt(calendar.DayOf(d.now.AddDate(0, -months, 0)))
		d.habit(d.app("孟桂兰", "孙长山", "haircut", "想请韩师傅来家里给老伴理个发。", 0), at, "韩立新")
		if months < 5 {
			d.habit(d.phone("陈秀英", "clinic_escort", "要去区医院复查，取降压药，请人陪一下。", 0), at.AddDate(0, 0, 4), "孙淑琴")
		}
	}
}

func (d *today) habit(t *tale, at time.Time, name string) {
	h := d.helperNamed(name)
	t.at, t.timed = at, true
	t.ask(1)
	d.busy[h] = append(d.busy[h], around(t.from, t.to))
	t.send(h)
	t.served([]int{h})
}

// overLimit is an order for which the station has found nobody in time.
func (d *today) overLimit() {
	t := d.phone("陈秀英", "clinic_escort", "要去区医院看病、取药，走路慢，请人扶着点。", 26*60)
	for calendar.AddWorkdays(t.at, 1).After(d.now.Add(-20 * time.Minute)) {
		t.at = t.at.AddDate(0, 0, -1)
	}
	due := calendar.AddWorkdays(t.at, 1)
	t.on(2, 8, 3).request()
	t.at = due.Add(time.Minute)
	t.then((*turn).overdue)
}

// reported is an order that the station has left so long that the street was told.
func (d *today) reported() {
	t := d.phone("赵永福", "chat", "老伴走了以后一个人闷得慌，想请人常来说说话。", 26*60)
	for calendar.AddWorkdays(t.at, 2).After(d.now.Add(-20 * time.Minute)) {
		t.at = t.at.AddDate(0, 0, -1)
	}
	asked := t.at
	t.on(3, 9, 2).request()
	t.at = calendar.AddWorkdays(asked, 1).Add(time.Minute)
	t.then((*turn).overdue)
	t.at = calendar.AddWorkdays(asked, 2).Add(time.Minute)
	t.then((*turn).escalate)
}

// waiting are orders that nobody has been asked for yet: one has been verified.
func (d *today) waiting() {
	d.app("孟桂兰", "孟桂兰", "change_bulb", "卫生间的灯不亮了，够不着，请人来换个灯泡。", 190).request()
	d.phone("赵永福", "stove_check", "旧灶打不着火，请人来看看。", 130).request()
	d.app("高凤兰", "高凤兰", "buy_medicine", "降压药快吃完了，请人帮我去药店买两盒。", 45).request()
	d.app("吴玉芬", "吴玉芬", "phone_lesson", "想跟孙子视频，手机不会弄。", 12).request()
	out := d.app("吴长顺", "吴长顺", "outing_escort", "想去公园晒晒太阳，请人帮忙推轮椅。", 95)
	out.risk = "心脏放过支架，走几步要歇一歇。"
	out.request().ago(70).then((*turn).verify)
}

// asked are orders with open offers.
func (d *today) asked() {
	team := order.Candidate{Kind: order.KindTeam, ID: d.teams[slices.IndexFunc(d.teams, func(s squad) bool { return s.name == "爱心互助服务队" })].id}
	d.phone("刘德厚", "haircut", "腿不好，想请师傅上门理发。", 300).on(1, 15, 1).request().sent(40, append(d.to("韩立新"), team)...)
	d.app("崔桂珍", "崔桂珍", "clean_home", "腰不好，想请人帮忙打扫一下厨房。", 400).request().sent(180, d.to("何玉兰", "林小雨")...)
	d.phone("高凤兰", "clinic_escort", "去区医院看眼睛，请人陪着去。", 260).on(3, 8, 3).request().sent(110, d.to("孙淑琴", "郭建民")...)
	d.phone("吴长顺", "chat", "一个人在家闷得慌，想找人说说话。", 200).request().sent(25, d.to("郭建民", "韩立新")...)
}

// agreed are orders for tomorrow and after.
func (d *today) agreed() {
	d.app("孟桂兰", "孙长山", "haircut", "想请韩师傅来家里给老伴理个发。", 2*1440).on(1, 9, 1).request().
		sent(1900, d.to("韩立新")...).yes(1200, d.helperNamed("韩立新"))
	d.phone("马玉田", "clinic_escort", "要去医院做检查，孩子在外地，想请人陪。", 1700).on(2, 8, 3).request().
		sent(1500, d.to("孙淑琴")...).yes(700, d.helperNamed("孙淑琴"))
	d.phone("赵永福", "fix_water", "水龙头关不紧，一直滴水。", 1300).on(1, 14.5, 1).request().
		sent(1100, d.to("魏军")...).yes(500, d.helperNamed("魏军"))
}

// underWay are served just now, whatever the hour.
func (d *today) underWay() {
	d.serve(d.phone("吴长顺", "read_news", "眼睛看不清了，想请人来念念报。", 1440), "郭建民", 25)
	d.serve(d.phone("马玉田", "repair_radio", "收音机修了又坏，请师傅再来看看。", 1500), "方国栋", 48)
}

func (d *today) serve(t *tale, name string, since int) {
	h := d.helperNamed(name)
	arrived := d.now.Add(-time.Duration(since) * time.Minute)
	t.from, t.to, t.timed = arrived.Add(-5*time.Minute), arrived.Add(2*time.Hour), true
	t.request().sent(1000, d.to(name)...).yes(600, h)
	t.at = arrived
	t.then(func(u *turn) error { return u.checkIn(t.who(h), byBoth) })
}

// toEvaluate are done and wait for somebody's word.
func (d *today) toEvaluate() {
	bulb := d.app("孟桂兰", "孟桂兰", "change_bulb", "厨房灯一闪一闪的，想换个灯管。", 2880)
	d.finish(bulb, "魏军", 150, "灯管换好了，开关也看了，没问题。").
		says(140, d.who(d.helperNamed("魏军")), order.SideVolunteer, order.Satisfied, "老人配合，办得顺。")
	chat := d.app("崔桂珍", "崔桂珍", "chat", "想找个人说说话、解解闷。", 2900)
	d.finish(chat, "秦爱华", 220, "聊了聊孩子，精神挺好。").
		says(200, d.who(d.helperNamed("秦爱华")), order.SideVolunteer, order.Satisfied, "").
		says(90, chat.asker, order.SideResident, order.Satisfied, "陪我说了半天话，心里敞亮了。")
	d.finish(d.phone("高凤兰", "fetch_parcel", "快递在驿站，太重拿不动，请人帮忙拿上来。", 2950), "林小雨", 330, "")
}

func (d *today) finish(t *tale, name string, minutesAgo int, note string) *tale {
	h := d.helperNamed(name)
	return t.request().sent(2600, d.to(name)...).yes(2000, h).visited(minutesAgo, h, note)
}

// back are an order that came back to the station, and one no longer wanted.
func (d *today) back() {
	wash := d.phone("刘德厚", "repair_appliance", "洗衣机不转了，请人来看看。", 4300).request()
	h := d.helperNamed("魏军")
	wash.sent(4000, d.to("魏军")...).yes(3500, h).visited(1200, h, "换了皮带。")
	wash.says(1000, d.worker, order.SideResident, order.Unsatisfied, "还是不转，来的人说要换电机。")
	rice := d.app("吴玉芬", "吴玉芬", "buy_groceries", "想请人代买一袋米。", 420).request()
	rice.ago(300).then(func(u *turn) error { return u.cancel(u.asker, "孩子回来了，不用了。") })
}
