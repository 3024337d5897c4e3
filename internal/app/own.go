package app

import (
	"linli/internal/app/page"
	"linli/internal/core/access"
	"linli/internal/core/ui"
	"linli/internal/kit/fault"
	"linli/internal/kit/web"
)

// Door is a one-click way into the demo.
type Door struct {
	Role, Name, Place, Href string
}

// own lists the routes that belong to no package: the way in.
func (a *App) own() []web.Route {
	return []web.Route{
		{Name: "app.front", Method: "GET", Page: "/", Public: true, Handle: web.Action(a.front).Page(a.frontPage)},
	}
}

func (a *App) front(*web.Request, struct{}) (web.None, error) { return web.None{}, nil }

// frontPage leads everybody to the page that is theirs.
func (a *App) frontPage(r *web.Request, _ web.None) web.Answer {
	who := access.Of(r)
	switch {
	case who.Person == "":
		return web.HTML(page.Welcome(a.doors()))
	case len(access.Places(who, access.OrderDispatch)) > 0:
		return web.See("/board")
	case who.Staff():
		if g, ok := homeGrant(who); ok {
			return web.See("/places/" + g.Place)
		}
		return web.See("/orders")
	case who.Has(access.Volunteer):
		return web.See("/nearby")
	}
	return web.See("/home")
}

func (a *App) doors() []page.Door {
	var out []page.Door
	for _, d := range a.Welcome {
		out = append(out, page.Door(d))
	}
	return out
}

// errorPage shows a problem, whose words are in the reader's language already.
func errorPage(_ *web.Request, p *web.Problem) web.Component {
	return ui.ErrorPage(&fault.Error{Kind: fault.Kind(p.Kind), Msg: "%s", Args: []any{p.Detail}}, p.RequestID)
}

// docsPage describes every call of the API.
func docsPage(_ *web.Request, d web.Docs) web.Component { return page.Docs(d) }
