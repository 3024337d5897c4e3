package app

import (
	"context"
	"slices"

	"linli/internal/core/access"
	"linli/internal/core/notify"
	"linli/internal/core/place"
	"linli/internal/core/ui"
	"linli/internal/feature/certificate"
	"linli/internal/feature/exchange"
	"linli/internal/feature/order"
	"linli/internal/kit/db"
	"linli/internal/kit/web"
)

// dress puts the shell around a page: the reader's community, the station's
// telephone, the menu of their role.
func (a *App) dress(r *web.Request) context.Context {
	who := access.Of(r)
	s := ui.Shell{Reader: who.Name, Home: "/", Note: r.Note()}
	if who.Person == "" {
		s.SignIn = "/sign-in?next=" + r.Back()
		s.Menu = outsideMenu()
		return ui.WithShell(r.Context(), s)
	}
	s.Account, s.SignOut = "/account", "/sign-out"
	home, waits := a.surroundings(r, who, &s)
	s.Menu = menu(who, home, s.Phone, waits)
	return ui.WithShell(r.Context(), s)
}

// waiting is the work that the menu shows as numbers.
type waiting struct {
	dispatch, answer, escalated, notices, certificates int
	till                                               bool // they sign in for a merchant
}

// surroundings finds the reader's community and what waits for them. What cannot
// be read is left out: a page without its telephone is better than no page.
func (a *App) surroundings(r *web.Request, who access.Who, s *ui.Shell) (home string, w waiting) {
	g, ok := homeGrant(who)
	if !ok {
		return "", w
	}
	err := a.DB.Read(r.Context(), func(tx *db.Tx) error {
		p, err := place.Get(tx, g.Place)
		if err != nil {
			return err
		}
		phone, err := place.Phone(tx, p.ID)
		if err != nil {
			return err
		}
		s.Place, s.Phone, home = ui.Link{Text: p.Name, Href: "/places/" + p.ID}, ui.Phone(phone), p.ID
		if w.dispatch, w.answer, err = order.Waiting(tx, who, p); err != nil {
			return err
		}
		if w.escalated, err = order.Escalated(tx, who); err != nil {
			return err
		}
		if w.certificates, err = certificate.Waiting(tx, who, p); err != nil {
			return err
		}
		if w.till, err = exchange.HasTill(tx, who); err != nil {
			return err
		}
		w.notices, err = notify.Unread(tx, who.District, who.Person)
		return err
	})
	if err != nil {
		a.log.Warn("shell", "request", r.ID, "error", err)
	}
	return home, w
}

// homeGrant is the role by which a reader is at home: the one they work in, else
// where they live.
func homeGrant(who access.Who) (access.Grant, bool) {
	at := slices.IndexFunc(who.Grants, func(g access.Grant) bool {
		return g.Role != access.Resident && g.Role != access.Volunteer && g.Place != ""
	})
	if at < 0 {
		at = slices.IndexFunc(who.Grants, func(g access.Grant) bool { return g.Place != "" })
	}
	if at < 0 {
		return access.Grant{}, false
	}
	return who.Grants[at], true
}

func outsideMenu() []ui.NavItem {
	return []ui.NavItem{
		{Href: "/", Icon: ui.GlyphHome, Label: "首页"},
		{Href: "/sign-in", Icon: ui.GlyphMe, Label: "登录", Lit: true},
		{Href: "/register", Icon: ui.GlyphPlus, Label: "注册"},
	}
}

// menu is what a role finds in its menu; a phone shows at most five of it.
func menu(who access.Who, home string, phone ui.Phone, w waiting) []ui.NavItem {
	switch {
	case len(access.Places(who, access.OrderDispatch)) > 0:
		return stationMenu(home, w)
	case who.Staff():
		return officeMenu(who, home, w)
	case who.Has(access.Volunteer) || who.Has(access.TeamLeader):
		return append(till(w, volunteerMenu(home, w)), call(phone)...)
	}
	return append(till(w, residentMenu(home, w)), call(phone)...)
}

// till puts the till first for whoever signs in for a merchant; a phone has room for
// five, so what is lit goes to where there is more.
func till(w waiting, menu []ui.NavItem) []ui.NavItem {
	if !w.till {
		return menu
	}
	lit := slices.IndexFunc(menu, func(i ui.NavItem) bool { return i.Lit })
	menu[lit].Lit, menu[lit].Where = false, ui.WideOnly
	return slices.Insert(menu, 0, ui.NavItem{Href: "/till", Icon: ui.GlyphQr, Label: "收券", Lit: true})
}

// call is the telephone, which 长辈版 keeps in the tabs.
func call(phone ui.Phone) []ui.NavItem {
	if phone == "" {
		return nil
	}
	return []ui.NavItem{{Href: phone.Href(), Icon: ui.GlyphPhone, Label: "打电话", Where: ui.OnlyInLarge}}
}

func stationMenu(home string, w waiting) []ui.NavItem {
	return []ui.NavItem{
		{Href: "/board", Icon: ui.GlyphBoard, Label: "派单", Count: w.dispatch},
		{Href: "/orders", Icon: ui.GlyphOrders, Label: "单子"},
		{Href: "/persons", Icon: ui.GlyphHome, Label: "居民¦们"},
		{Href: "/volunteers", Icon: ui.GlyphPeople, Label: "志愿者¦们"},
		{Href: "/orgs", Icon: ui.GlyphSprout, Label: "队伍", Where: ui.WideOnly},
		{Href: "/places/" + home, Icon: ui.GlyphChart, Label: "社区", Where: ui.WideOnly},
		{Href: "/volunteers/imports", Icon: ui.GlyphUpload, Label: "导入", Where: ui.WideOnly},
		{Href: "/certificates", Icon: ui.GlyphAward, Label: "服务证明", Count: w.certificates, Where: ui.WideOnly},
		{Href: "/me", Icon: ui.GlyphMe, Label: "我的"},
	}
}

func officeMenu(who access.Who, home string, w waiting) []ui.NavItem {
	menu := []ui.NavItem{
		{Href: "/places/" + home, Icon: ui.GlyphChart, Label: "区域"},
		{Href: "/orders", Icon: ui.GlyphOrders, Label: "单子", Count: w.escalated},
		{Href: "/persons", Icon: ui.GlyphHome, Label: "居民¦们", Where: ui.WideOnly},
		{Href: "/volunteers", Icon: ui.GlyphPeople, Label: "志愿者¦们"},
		{Href: "/orgs", Icon: ui.GlyphSprout, Label: "组织"},
		{Href: "/me", Icon: ui.GlyphMe, Label: "我的", Count: w.notices},
	}
	if len(access.Places(who, access.PlanMake)) > 0 {
		menu[4].Where = ui.WideOnly // a phone has room for five
		return slices.Insert(menu, 2, ui.NavItem{Href: "/plans", Icon: ui.GlyphBoard, Label: "排单"})
	}
	return menu
}

func volunteerMenu(home string, w waiting) []ui.NavItem {
	return []ui.NavItem{
		{Href: "/nearby", Icon: ui.GlyphPin, Label: "附近的单", Count: w.answer},
		{Href: "/orders", Icon: ui.GlyphOrders, Label: "我的单子"},
		{Href: "/check-in", Icon: ui.GlyphQr, Label: "签到", Lit: true},
		{Href: "/me/points", Icon: ui.GlyphGift, Label: "积分", Where: ui.NotLarge},
		{Href: "/home", Icon: ui.GlyphHome, Label: "我要点单", Where: ui.WideOnly},
		{Href: "/orgs", Icon: ui.GlyphPeople, Label: "队伍", Where: ui.WideOnly},
		{Href: "/me/certificates", Icon: ui.GlyphAward, Label: "服务证明", Where: ui.WideOnly},
		{Href: "/places/" + home, Icon: ui.GlyphChart, Label: "社区", Where: ui.WideOnly},
		{Href: "/me", Icon: ui.GlyphMe, Label: "我的", Count: w.notices, Where: ui.NotLarge},
	}
}

func residentMenu(home string, w waiting) []ui.NavItem {
	return []ui.NavItem{
		{Href: "/home", Icon: ui.GlyphHome, Label: "首页"},
		{Href: "/orders", Icon: ui.GlyphOrders, Label: "我的单子"},
		{Href: "/orders/new", Icon: ui.GlyphAsk, Label: "我要点单", Lit: true},
		{Href: "/volunteer", Icon: ui.GlyphHeart, Label: "我也来帮忙", Where: ui.WideOnly},
		{Href: "/orgs", Icon: ui.GlyphPeople, Label: "队伍", Where: ui.WideOnly},
		{Href: "/places/" + home, Icon: ui.GlyphChart, Label: "社区", Where: ui.NotLarge},
		{Href: "/me", Icon: ui.GlyphMe, Label: "我的", Count: w.notices, Where: ui.NotLarge},
	}
}
