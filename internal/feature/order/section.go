package order

import (
	"linli/internal/core/access"
	"linli/internal/core/person"
	"linli/internal/core/process"
	"linli/internal/core/ui"
	"linli/internal/feature/order/page"
	"linli/internal/kit/db"
	"linli/internal/kit/web"
)

// sectionMost is how many orders the page of a person shows.
const sectionMost = 6

// Section is the card of orders on a person's page: the newest ones, and for the
// station the way to write one for them.
func (h *Handlers) Section(r *web.Request, p person.Person) (web.Component, error) {
	who := access.Of(r)
	if !access.May(who, access.OrderList, access.Target{District: p.District, Path: p.PlacePath}) {
		return nil, nil
	}
	list, err := h.orders.ofResident(r, who, p)
	if err != nil {
		return nil, err
	}
	s := page.Section{}
	if access.May(who, access.OrderRequestFor, access.Target{District: p.District, Path: p.PlacePath}) {
		s.New, s.Codes = "/orders/new?source=door&for="+p.ID, "/persons/"+p.ID+"/codes"
	}
	for _, v := range list {
		s.Orders = append(s.Orders, brief(r, v, ui.Station))
	}
	return page.SectionCard(s), nil
}

func (s *Service) ofResident(r *web.Request, who access.Who, p person.Person) (out []View, err error) {
	err = s.db.Read(r.Context(), func(tx *db.Tx) error {
		out = nil
		orders, err := pageOf(tx, `district = $1 AND for_person = $2`, []any{p.District, p.ID}, Filter{Limit: sectionMost - 1, States: []process.State{}})
		if err != nil {
			return err
		}
		for _, o := range orders {
			v, err := s.listed(tx, who, o)
			if err != nil {
				return err
			}
			out = append(out, v)
		}
		return nil
	})
	return out, err
}
