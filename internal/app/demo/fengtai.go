package demo

import (
	"context"
	"fmt"
	"strings"

	"linli/internal/app"
	"linli/internal/core/access"
	"linli/internal/core/place"
	"linli/internal/feature/org"
	"linli/internal/kit/db"
)

// fengtai is the district 丰台: its streets are the official ones; communities and
// organisations are invented, but for those that were published.
type fengtai struct {
	draw
	places []place.Place
	orgs   []org.Org
}

const (
	fengtaiDistrict = "110106000000"
	foundedIn2023   = 766 // as published
	federations     = 11  // as published
)

// published are the organisations and communities that were named.
func published() []struct{ street, community, name, founded, purpose, services string } {
	return []struct{ street, community, name, founded, purpose, services string }{
		{"丰台街道", "永善社区", "新时代劝导队", "2007", "劝导市容、调解纠纷、帮扶空巢老人。", "street_order mediation legal_advice haircut home_visit"},
		{"北宫镇", "大灰厂社区", "解忧志愿服务队", "2017", "就业、救助、医疗、维权、巡防、陪伴、停车，七件事。", "find_work apply_welfare protect_rights patrol chat parking_order"},
		{"和义街道", "西三社区", "和谐夕阳爱老助残帮扶队", "", "入户探望、巡逻、分类、读书、书画，八件事合一。", "home_visit patrol sort_waste reading_club calligraphy"},
		{"右安门街道", "东庄社区", "指南针志愿服务队", "", "", "chat"},
	}
}

// strand is a class of organisations: how many there are of it, and what they call
// themselves, with their services. Together they are the 5,967 that were published.
type strand struct {
	class string
	n     int
	kinds string
}

func strands() []strand {
	return []strand{
		{culture, 2310, `合唱队:singing 太极队:exercise_class 舞蹈队:performance 书画社:calligraphy 摄影社:take_photo 京剧社:singing 健步走队:exercise_class
			乒乓球队:exercise_class 民乐队:performance 朗诵社:reading_club 读书会:reading_club 棋牌社:elder_gathering 模特队:performance 手工坊:mend_clothes 诗词社:reading_club`},
		{serving, 1482, `志愿服务队:chat 平安巡逻队:patrol 绿色环保队:sort_waste 文明引导队:street_order 应急先锋队:emergency_help 护学岗:traffic_guide 扫雪铲冰队:clear_snow 爱心车队:outing_escort`},
		{care, 936, `便民维修队:repair_appliance 爱心理发队:haircut 缝纫组:mend_clothes 助餐队:deliver_meal 跑腿队:fetch_parcel 量血压小组:measure_pressure`},
		{mutual, 748, `邻里互助会:chat 老伙伴互助组:home_visit 妈妈互助会:watch_child 爱心陪诊队:clinic_escort 助残小组:help_disabled 宝贝看护组:watch_child`},
		{affairs, 491, `议事协商会:mediation 老年协会:elder_gathering 楼门长联合会:report_problem 红白理事会:family_events 停车自管会:parking_order 物业监督会:report_problem`},
	}
}

// planFengtai lays communities under the streets and organisations into them.
func planFengtai(seed uint64, streets []place.Place) *fengtai {
	f := &fengtai{draw: newDraw(seed, "fengtai")}
	named := f.settle(streets)
	f.found(named)
	f.unite(streets)
	return f
}

// settle gives each street about sixteen communities, the published ones first,
// and returns the published organisations.
func (f *fengtai) settle(streets []place.Place) (named []org.Org) {
	for i, street := range streets {
		used := map[string]bool{}
		for _, p := range published() {
			if p.street == street.Name {
				id := f.community(street, i, p.community, used)
				named = append(named, org.Org{Kind: org.CommunityOrg, Name: p.name, Class: serving, Place: id, Founded: p.founded,
					Purpose: p.purpose, Services: strings.Fields(p.services)})
			}
		}
		for len(used) < 13+f.IntN(7) {
			f.community(street, i, f.communityName(), used)
		}
	}
	return named
}

func (f *fengtai) communityName() string {
	first := strings.Fields("东 西 南 北 新 和 安 康 永 福 春 秋 翠 芳 丰 景 嘉 玉 金 银")
	last := strings.Fields("里 园 苑 庄 桥 街 河 坡 井 树 桃 竹 泉 台 林 门")
	return pick(f.draw, first) + pick(f.draw, last) + pick(f.draw, []string{"", "一", "二", "三"}) + "社区"
}

// community adds one to a street; its position is a guess within the district.
func (f *fengtai) community(street place.Place, i int, name string, used map[string]bool) string {
	if used[name] {
		return ""
	}
	used[name] = true
	id := street.ID[:9] + fmt.Sprintf("9%02d", len(used))
	at := place.Position{Lat: round(39.80 + 0.02*float64(i/7) + 0.012*f.Float64()), Lng: round(116.12 + 0.05*float64(i%7) + 0.03*f.Float64())}
	f.places = append(f.places, place.Place{ID: id, Parent: street.ID, Level: place.Community, Name: name, Position: &at})
	return id
}

// unite gives some streets a registered federation of their organisations.
func (f *fengtai) unite(streets []place.Place) {
	for _, at := range f.Perm(len(streets))[:federations] {
		street := streets[at]
		f.orgs = append(f.orgs, org.Org{Kind: org.Federation, Name: street.Name + "社区社会组织联合会", Class: "枢纽型", Place: street.ID,
			Founded: fmt.Sprintf("%d-%02d", f.between(2016, 2022), f.between(1, 12)), Purpose: "帮街道里的社区社会组织备案、培训、找资源。"})
	}
}

// found fills up to the published number, each class with its share. Names do not
// come twice in a community.
func (f *fengtai) found(named []org.Org) {
	f.orgs = named
	used := map[string]bool{}
	for _, s := range strands() {
		kinds, n := strings.Fields(s.kinds), s.n
		if s.class == serving {
			n -= len(named)
		}
		for n > 0 {
			at := pick(f.draw, f.places)
			kind, service, _ := strings.Cut(pick(f.draw, kinds), ":")
			name := strings.TrimSuffix(at.Name, "社区") + pick(f.draw, []string{"", "", "夕阳红", "阳光", "同心", "春晖", "翠竹", "红枫"}) + kind
			if used[at.ID+name] {
				continue
			}
			used[at.ID+name] = true
			f.orgs = append(f.orgs, org.Org{Kind: org.CommunityOrg, Name: name, Class: s.class, Place: at.ID, Services: []string{service}})
			n--
		}
	}
	f.date(len(named))
}

// date gives every organisation that is not published its month of founding.
func (f *fengtai) date(from int) {
	order := f.Perm(len(f.orgs) - from)
	for i, at := range order {
		year := 2023
		if i >= foundedIn2023 {
			year = 2022 - int(17*f.Float64()*f.Float64())
		}
		f.orgs[from+at].Founded = fmt.Sprintf("%d-%02d", year, f.between(1, 12))
	}
}

// loadFengtai writes the district.
func (d *Demo) loadFengtai(ctx context.Context, a *app.App) error {
	var streets []place.Place
	err := a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		streets, err = place.Children(tx, fengtaiDistrict)
		return err
	})
	if err != nil {
		return err
	}
	f := planFengtai(d.mark.Seed, streets)
	err = each(ctx, a.DB, len(f.places), func(tx *db.Tx, i int) error {
		_, err := place.Insert(tx, f.places[i])
		return err
	})
	if err != nil {
		return err
	}
	return each(ctx, a.DB, len(f.orgs), func(tx *db.Tx, i int) error {
		tx.At(registered)
		o := f.orgs[i]
		o.ID = serial(fengtaiDistrict, kindOrg, i)
		_, err := org.Found(tx, access.System(), o)
		return err
	})
}
