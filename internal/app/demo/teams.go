package demo

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"linli/internal/app"
	"linli/internal/core/access"
	"linli/internal/core/auth"
	"linli/internal/feature/org"
	"linli/internal/feature/volunteer"
	"linli/internal/kit/db"
)

// body is an organisation of a community before it has people.
type body struct {
	kind     org.Kind
	name     string
	class    string
	founded  string
	purpose  string
	services string // of core/category, separated by blanks
	members  int
	leader   string   // name of a known helper; else somebody who can do it
	known    []string // names of known helpers who are members
}

// bodies lists the teams and organisations of a community, teams first.
func (s spec) bodies() []body {
	switch s.key {
	case dongfenglunan.key:
		return dongfenglunanBodies()
	case chaoyangli.key:
		return chaoyangliBodies()
	case yangming.key:
		return yangmingBodies()
	}
	return tatanOrgs()
}

const (
	care    = "生活服务类"
	culture = "文体活动类"
	mutual  = "居民互助类"
	serving = "志愿服务类"
	affairs = "社区事务类"
	hobby   = "兴趣爱好类"
)

func dongfenglunanBodies() []body {
	return []body{
		{org.Team, "党员教育服务队", affairs, "2019-07", "办党务、送学上门。", "party_services reading_club", 22, "", nil},
		{org.Team, "治安巡防服务队", serving, "2018-04", "早晚巡院，看楼护院。", "patrol traffic_guide parking_order clear_snow", 38, "", []string{"郭建民"}},
		{org.Team, "绿色环保服务队", serving, "2019-03", "垃圾分类、护绿、清楼道。", "sort_waste green_patrol clean_public", 30, "", nil},
		{org.Team, "爱心互助服务队", mutual, "2018-08", "理发、维修、打扫，随叫随到。",
			"haircut repair_appliance change_bulb fix_water clean_home move_things fix_furniture", 34, "方国栋", []string{"韩立新", "魏军", "秦爱华", "何玉兰"}},
		{org.Team, "关爱未成年服务队", serving, "2020-06", "辅导作业，假期托管。", "tutor after_school read_with_child youth_care", 18, "", []string{"林小雨"}},
		{org.Team, "敬老爱老服务队", mutual, "2018-05", "陪看病、陪聊天、代买药。",
			"clinic_escort chat buy_medicine read_news outing_escort home_visit", 36, "", []string{"孙淑琴", "何玉兰", "郭建民"}},
		{org.Team, "安全文明服务队", serving, "2021-03", "查隐患、劝堆物、讲防骗。", "fire_check anti_fraud street_order mediation", 20, "", nil},
		{org.CommunityOrg, "银发爱心义剪队", care, "2018-08", "每月 26 日在老年活动中心义剪，下不了楼的上门。", "haircut", 18, "方国栋", []string{"韩立新", "秦爱华", "何玉兰"}},
		{org.CommunityOrg, "夕阳维修队", care, "2018-11", "修家电、换灯、看旧灶。", "repair_appliance repair_radio change_bulb", 11, "", []string{"魏军", "方国栋"}},
		{kind: org.Unit, name: "东风街道社区卫生服务站", class: "卫生", services: "measure_pressure health_talk"},
		{kind: org.Unit, name: "邮电园幼儿园", class: "教育"},
		{kind: org.Unit, name: "槐安里便民菜市场", class: "商业"},
		{kind: org.Unit, name: "东风路南物业服务中心", class: "物业"},
	}
}

// firstUnit is the number of the first unit among them.
const firstUnit = 9

func chaoyangliBodies() []body {
	return append(many(org.Team, serving, `
		邻里守望服务队 2001 chat,home_visit,buy_groceries 90 邻居有事，喊一声就到。
		爱心助空巢服务队 2006 home_visit,chat,clinic_escort 84 每天看一眼独居老人。
		花甲助耄耋服务队 2008 chat,buy_medicine,outing_escort 76 六十岁的帮八十岁的，一对一。
		天使助残服务队 2009 help_disabled,outing_escort 42 陪残疾邻居出门、看病。
		军辉溢彩服务队 2011 veterans_care,move_things 35 退役军人帮军属。
		心目影院讲解队 2012 film_for_blind,read_news 20 给看不见的邻居讲电影。
		护绿巡逻队 2005 green_patrol,patrol 66 护绿、巡院两不误。
		扶危济困服务队 2003 hardship_aid,deliver_meal 48 谁家有难，大家凑一把。
		爱心理发队 2002 haircut 26 每周二义剪。
		便民维修队 2002 repair_appliance,change_bulb,fix_water 31 小修小补，不收工钱。
		健康守护队 2010 measure_pressure,health_talk 38 量血压、讲保健。
		课后陪伴队 2013 tutor,after_school 33 放学有人管。
		法律明白人服务队 2014 legal_advice,mediation 16 先问清楚，再讲道理。
		垃圾分类引导队 2019 sort_waste,clean_public 88 早晚桶边站一站。
		平安巡逻队 2004 patrol,anti_fraud 95 看好门，管好路。
		手机课堂服务队 2017 phone_lesson,fix_computer 29 手把手教，学会为止。
		文明劝导队 2007 street_order,parking_order 54 车放齐，路让开。
		文艺轻骑队 2000 performance,singing,exercise_class 72 楼下就是舞台。`), units()...)
}

// units are the 29 that have their seat in 朝阳里.
func units() (out []body) {
	for _, name := range strings.Fields(`社区卫生服务站 幼儿园 小学 中学 警务室 邮政所 储蓄所 药房 便民超市 菜市场 粮油店 理发店 洗衣店 缝纫店 修车铺
		早点铺 面馆 书店 文具店 五金店 水果店 花店 物业服务中心 供热站 环卫班 养老驿站 托育园 律师事务所 口腔诊所`) {
		out = append(out, body{kind: org.Unit, name: "朝阳里" + name})
	}
	return out
}

func yangmingBodies() []body {
	teams := many(org.Team, serving, `
		360服务队 2018 repair_appliance,change_bulb,fix_water,move_things 82 三百六十样小事都管。
		邻里帮服务队 2017 buy_medicine,share_medicine,borrow_tools,chat 96 余药、工具、时间，都能帮。
		爱阅读服务队 2019 read_with_child,reading_club 64 陪孩子读书。
		银龄守护队 2018 home_visit,clinic_escort,outing_escort 58 常敲老人的门。
		绿动山庄服务队 2019 sort_waste,green_patrol,clean_public 72 捡垃圾，护山林。
		平安山庄巡逻队 2017 patrol,fire_check 66 晚上走一圈。
		妈妈互助队 2020 watch_child,school_run,tutor 54 今天你接，明天我接。
		巧手服务队 2018 mend_clothes,haircut 36 缝缝补补，剪剪头发。
		健康加油站 2019 measure_pressure,first_aid_class,exercise_class 48 教急救，带锻炼。
		青年先锋队 2021 phone_lesson,take_photo,event_help 70 周末有空就来。`)
	return append(teams, many(org.CommunityOrg, hobby, `
		阳明书画社 2018 calligraphy 30 写字画画，过年写春联。
		山庄合唱团 2017 singing,performance 46 每周三晚上练歌。
		太极晨练社 2018 exercise_class 40 早上六点半，广场见。
		阳明摄影社 2019 take_photo 22 给邻居拍全家福。
		亲子阅读会 2019 read_with_child 38 周六上午讲绘本。
		共享工具手艺坊 2020 borrow_tools,fix_furniture 25 工具一起用，手艺一起学。
		邻里议事会 2018 mediation 19 楼里的事，坐下来说。
		红白理事会 2019 family_events 15 喜事简办，丧事帮办。
		业主足球队 2019 exercise_class 32 周日下午踢一场。
		慈善超市志愿社 2020 give_goods,donate_goods 28 收一件，记两分。`)...)
}

func tatanOrgs() []body {
	return many(org.CommunityOrg, culture, `
		朗颂者老年人学习小组 2017 reading_club,senior_class 45 一起读，一起学。
		塔谈社区老年协会 2016 elder_gathering,home_visit 260 老人的事，老人商量着办。
		阳光小志愿者协会 2018 youth_care,sort_waste 120 放假了，带孩子做好事。
		社区红白事理事会 2016 family_events 21 喜事新办，丧事简办。
		塔谈合唱队 2017 singing 52 周一、周四练声。
		翰墨书法社 2017 calligraphy 36 老年大学书法班的同学。
		中医养生社 2018 health_talk 30 讲保健，教推拿。
		夕阳红舞蹈队 2017 performance,exercise_class 48 广场上跳起来。
		棋友会 2018 elder_gathering 40 下棋不赌钱。
		巧娘手工社 2019 mend_clothes 26 做手工，补衣裳。
		邻里调解室 2018 mediation 12 有话好好说。
		平安巡防协会 2017 patrol 60 白天看院，晚上巡楼。
		绿色家园协会 2019 sort_waste,green_patrol 55 分好垃圾，种好花。
		爱心帮扶协会 2018 home_visit,chat,buy_medicine 70 帮老、帮残、帮困。
		便民维修互助社 2020 repair_appliance,change_bulb 18 小修小补找我们。`)
}

// many reads lines of name, year of founding, services, members and purpose.
func many(kind org.Kind, class, text string) []body {
	var out []body
	for line := range strings.Lines(strings.TrimSpace(text)) {
		f := strings.Fields(line)
		out = append(out, body{kind: kind, class: class, name: f[0], founded: f[1],
			services: strings.ReplaceAll(f[2], ",", " "), members: number(f[3]), purpose: strings.Join(f[4:], " ")})
	}
	return out
}

// band draws the leaders and members of the organisations.
func (p *people) band(seed uint64) {
	d := newDraw(seed, p.key+" orgs")
	for i, b := range p.bodies() {
		s := squad{id: p.serial(kindOrg, i), body: b, leader: -1}
		if b.members > 0 {
			p.staff(&s, d)
		}
		p.teams = append(p.teams, s)
	}
}

// squad is an organisation with its people.
type squad struct {
	body
	id      string
	leader  int // index of a helper, -1 for none
	members []int
}

// staff draws who leads and who serves in an organisation: the known ones, and
// others who can do what it does.
func (p *people) staff(s *squad, d draw) {
	for _, name := range s.known {
		s.members = append(s.members, p.helperNamed(name))
	}
	services := strings.Fields(s.services)
	for tries := 0; len(s.members) < s.body.members && tries < 40*s.body.members; tries++ {
		i := d.IntN(len(p.helpers))
		h := p.helpers[i]
		fits := tries > 25*s.body.members || slices.ContainsFunc(h.skills, func(k string) bool { return slices.Contains(services, k) })
		if fits && h.status == volunteer.Active && !p.isKnown(i) && !slices.Contains(s.members, i) {
			s.members = append(s.members, i)
		}
	}
	s.leader = s.members[len(s.known)%len(s.members)]
	if s.body.leader != "" {
		if s.leader = p.helperNamed(s.body.leader); !slices.Contains(s.members, s.leader) {
			s.members = append(s.members, s.leader)
		}
	}
}

// helperNamed is the index of a known helper.
func (p *people) helperNamed(name string) int {
	soul := p.soulNamed(name)
	return slices.IndexFunc(p.helpers, func(h helper) bool { return h.soul == soul })
}

func (p *people) isKnown(h int) bool { return p.helpers[h].soul < p.knownSouls }

// foundAll writes the organisations.
func (p *people) foundAll(ctx context.Context, a *app.App) error {
	for i, s := range p.teams {
		err := a.DB.Write(ctx, func(tx *db.Tx) error {
			tx.Replay(registered.Add(time.Duration(i)*time.Hour), p.replay(kindOrg, i))
			return p.found(tx, a.Auth, s)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (p *people) found(tx *db.Tx, roles *auth.Service, s squad) error {
	o := org.Org{ID: s.id, Kind: s.kind, Name: s.name, Class: s.class, Place: p.id, Phone: p.phone,
		Founded: s.founded, Purpose: s.purpose, Services: strings.Fields(s.services)}
	if s.kind == org.Team {
		o.CapacityWeek = max(3, s.body.members/4)
	}
	if s.leader >= 0 {
		o.Leader = p.souls[p.helpers[s.leader].soul].id
	}
	o, err := org.Found(tx, access.System(), o)
	if err != nil {
		return err
	}
	for _, m := range s.members {
		if err := org.Join(tx, access.System(), o, p.souls[p.helpers[m].soul].id); err != nil {
			return err
		}
	}
	if s.kind != org.Team {
		return nil
	}
	_, err = roles.Assign(tx, access.System(), auth.Appointment{
		District: p.district(), Person: o.Leader, Role: access.TeamLeader, Place: p.id, Org: o.ID,
	})
	return err
}

func number(text string) int {
	n, _ := strconv.Atoi(text)
	return n
}
