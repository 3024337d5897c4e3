package exchange

import (
	"linli/internal/core/access"
	"linli/internal/core/place"
	"linli/internal/core/ui"
	"linli/internal/feature/exchange/page"
	"linli/internal/kit/web"
)

// PlaceSection is the card of points, stars and exchange on the page of a place: the
// ways to its pages, for the people and for those who look after it.
func (h *Handlers) PlaceSection(r *web.Request, p place.Place) (web.Component, error) {
	who := access.Of(r)
	if who.Person == "" || who.District != p.District || p.Level != place.Community && p.Level != place.Street && p.Level != place.District {
		return nil, nil
	}
	var links []ui.Link
	add := func(text, path string) { links = append(links, ui.Link{Text: text, Href: path + "?place=" + p.ID}) }
	add(r.T("积分换东西"), "/exchange")
	add(r.T("星级志愿者"), "/stars")
	add(r.T("年度荣誉"), "/honours")
	if p.Level == place.Community {
		add(r.T("想用积分换什么"), "/wishes")
	}
	at := p.Target()
	if access.May(who, access.PointsOversee, at) {
		add(r.T("积分规矩和试算"), "/points/rules")
		add(r.T("为积分欠着多少"), "/points/owed")
		add(r.T("用了两次的券"), "/coupons/findings")
	}
	if p.Level == place.Community && access.May(who, access.DonationWrite, at) {
		add(r.T("登记捐来的东西"), "/donations")
	}
	return page.PlaceCard(links), nil
}
