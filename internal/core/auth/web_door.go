package auth

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"linli/internal/core/auth/page"
	"linli/internal/core/person"
	"linli/internal/core/place"
	"linli/internal/core/ui"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
	"linli/internal/kit/web"
)

// next is where somebody wanted to go before they had to sign in.
func next(r *web.Request) string {
	if to := r.URL.Query().Get("next"); to != "" {
		return web.Local(to)
	}
	return "/"
}

// entered leads a browser in with its new cookie. Who turned out to be without an
// account, or to have one, is shown the other door with the code filled in.
func (h *Handlers) entered(r *web.Request, e entered) web.Answer {
	switch {
	case e.stranger != nil:
		return h.registerStep(r, *e.stranger, ui.FormOf(nil, ErrNoAccount))
	case e.known != nil:
		d := page.Door{Next: next(r), Phone: e.known.Phone, Code: e.known.Code, Form: ui.FormOf(nil, ErrHasAccount)}
		return web.HTML(page.CodeDoor(d))
	}
	r.SetCookie(&http.Cookie{Name: cookieName, Value: e.Token, MaxAge: cookieLife})
	if e.elder && !ui.PrefsOf(r.Context()).SizeChosen {
		r.SetCookie(ui.SizeCookie("large"))
	}
	return web.See(next(r))
}

func (h *Handlers) signInPage(r *web.Request, _ web.None) web.Answer {
	if r.Caller != nil {
		return web.See(next(r))
	}
	return web.HTML(page.SignIn(page.Door{Next: next(r)}))
}

func (h *Handlers) signInAgain(r *web.Request, _ signInInput, p *web.Problem) web.Answer {
	return web.HTML(page.SignIn(page.Door{Next: next(r), Form: ui.Refused(r, p)}))
}

type phoneInput struct {
	Phone string `json:"phone" label:"手机号" maxLength:"40"`
}

// send is the call that sends a code to the phone that was typed.
func (h *Handlers) send(purpose Purpose) func(*web.Request, phoneInput) (phoneInput, error) {
	return func(r *web.Request, in phoneInput) (phoneInput, error) {
		return in, h.accounts.SendCode(r.Context(), in.Phone, purpose)
	}
}

// alreadySent says whether a message was refused only because there was one a
// moment ago: then its code is what to ask for.
func alreadySent(p *web.Problem) bool { return p.Kind == string(fault.KindBusy) }

func (h *Handlers) codeDoorPage(r *web.Request, _ web.None) web.Answer {
	return web.HTML(page.CodeDoor(page.Door{Next: next(r)}))
}

func (h *Handlers) codeDoorSent(r *web.Request, in phoneInput) web.Answer {
	return web.HTML(page.CodeDoor(page.Door{Next: next(r), Phone: in.Phone, Sent: true}))
}

func (h *Handlers) codeDoorUnsent(r *web.Request, in phoneInput, p *web.Problem) web.Answer {
	d := page.Door{Next: next(r), Form: ui.Refused(r, p)}
	if alreadySent(p) {
		d.Phone = in.Phone
	}
	return web.HTML(page.CodeDoor(d))
}

type codeInput struct {
	Phone string `json:"phone" label:"手机号" maxLength:"40"`
	Code  string `json:"code" label:"验证码" maxLength:"20"`
}

func (h *Handlers) signInWithCode(r *web.Request, in codeInput) (entered, error) {
	signed, err := h.accounts.SignInWithCode(r.Context(), in.Phone, in.Code, client(r))
	if errors.Is(err, ErrNoAccount) {
		return entered{stranger: &in}, nil
	}
	return h.view(r, signed, err)
}

func (h *Handlers) codeDoorAgain(r *web.Request, in codeInput, p *web.Problem) web.Answer {
	return web.HTML(page.CodeDoor(page.Door{Next: next(r), Phone: in.Phone, Form: ui.Refused(r, p)}))
}

// registerPage asks for the phone, once the community is one of few.
func (h *Handlers) registerPage(r *web.Request, _ web.None) web.Answer {
	c, err := h.accounts.choices(r.Context(), r.URL.Query().Get("place"))
	if err != nil {
		return web.Failed(err)
	}
	return web.HTML(page.Register(page.Registration{Door: page.Door{Next: next(r)}, Place: c.under, Narrow: c.narrow}))
}

func (h *Handlers) registerSent(r *web.Request, in phoneInput) web.Answer {
	return h.registerStep(r, codeInput{Phone: in.Phone}, ui.Form{})
}

func (h *Handlers) registerUnsent(r *web.Request, in phoneInput, p *web.Problem) web.Answer {
	if alreadySent(p) {
		return h.registerStep(r, codeInput{Phone: in.Phone}, ui.Refused(r, p))
	}
	place := r.URL.Query().Get("place")
	return web.HTML(page.Register(page.Registration{Door: page.Door{Next: next(r), Form: ui.Refused(r, p)}, Place: place}))
}

type registerInput struct {
	codeInput
	Name      string `json:"name" label:"姓名" maxLength:"100"`
	Community string `json:"community" label:"社区" maxLength:"40"`
	Password  string `json:"password" label:"密码" verbatim:"true" maxLength:"256"`
	Agreed    string `json:"agreed" label:"同意" enum:"1"`
}

func (h *Handlers) register(r *web.Request, in registerInput) (entered, error) {
	signed, err := h.accounts.Register(r.Context(), Registration{
		Phone: in.Phone, Code: in.Code, Name: in.Name, Community: in.Community, Password: in.Password, Agreed: in.Agreed != "",
	}, client(r))
	if errors.Is(err, ErrHasAccount) {
		return entered{known: &in.codeInput}, nil
	}
	return h.view(r, signed, err)
}

func (h *Handlers) registerAgain(r *web.Request, in registerInput, p *web.Problem) web.Answer {
	return h.registerStep(r, codeInput{Phone: in.Phone}, ui.Refused(r, p))
}

// registerStep asks for the rest, after the code was sent.
func (h *Handlers) registerStep(r *web.Request, in codeInput, form ui.Form) web.Answer {
	c, err := h.accounts.choices(r.Context(), r.URL.Query().Get("place"))
	if err != nil {
		return web.Failed(err)
	}
	d := page.Door{Next: next(r), Phone: in.Phone, Code: in.Code, Form: form, Sent: !form.Failed()}
	v := page.Registration{Door: d, Place: c.under, Narrow: c.narrow, Communities: c.communities}
	for _, purpose := range agreedOnEntry() {
		term, _ := person.TermOf(purpose)
		v.Terms = append(v.Terms, r.T(term.Text))
	}
	return web.HTML(page.Register(v))
}

func (h *Handlers) forgotPage(*web.Request, web.None) web.Answer {
	return web.HTML(page.Forgot(page.Door{}))
}

func (h *Handlers) forgotSent(_ *web.Request, in phoneInput) web.Answer {
	return web.HTML(page.Forgot(page.Door{Phone: in.Phone, Sent: true}))
}

func (h *Handlers) forgotUnsent(r *web.Request, in phoneInput, p *web.Problem) web.Answer {
	d := page.Door{Form: ui.Refused(r, p)}
	if alreadySent(p) {
		d.Phone = in.Phone
	}
	return web.HTML(page.Forgot(d))
}

type resetInput struct {
	codeInput
	Password string `json:"password" label:"新密码" verbatim:"true" maxLength:"256"`
}

// reset gives back the stranger to whom no account belongs.
func (h *Handlers) reset(r *web.Request, in resetInput) (entered, error) {
	err := h.accounts.ResetPassword(r.Context(), in.Phone, in.Code, in.Password)
	if errors.Is(err, ErrNoAccount) {
		return entered{stranger: &in.codeInput}, nil
	}
	return entered{}, err
}

func (h *Handlers) wasReset(r *web.Request, e entered) web.Answer {
	if e.stranger != nil {
		return h.entered(r, e)
	}
	return web.SeeWithNote("/sign-in", r.T("密码设好了，请用新密码登录。"))
}

func (h *Handlers) forgotAgain(r *web.Request, in resetInput, p *web.Problem) web.Answer {
	return web.HTML(page.Forgot(page.Door{Phone: in.Phone, Form: ui.Refused(r, p)}))
}

// Bounds of what a newcomer chooses a community from.
const (
	communitiesShown = 40
	communitiesMost  = 20_000
)

// choices are the communities below a place, or the places to narrow them down by
// when they are too many to be shown.
type choices struct {
	under       string
	communities []ui.Option
	narrow      []ui.Link
}

func (s *Service) choices(ctx context.Context, under string) (c choices, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		path := place.Root
		if under != "" {
			p, err := place.Get(tx, under)
			if err != nil {
				return err
			}
			path = p.Path
		}
		all, err := place.Communities(tx, communitiesMost)
		if err != nil {
			return err
		}
		c, err = choicesBelow(tx, path, all)
		c.under = under
		return err
	})
	return c, err
}

func choicesBelow(tx *db.Tx, path string, all []place.Place) (c choices, err error) {
	var below []string // ids directly below path that lead to a community
	for _, p := range all {
		rest, inside := strings.CutPrefix(p.Path, path)
		if !inside {
			continue
		}
		id, _, _ := strings.Cut(rest, "/")
		if len(below) == 0 || below[len(below)-1] != id {
			below = append(below, id)
		}
		c.communities = append(c.communities, ui.Option{Value: p.ID, Text: p.Name})
	}
	if len(c.communities) <= communitiesShown {
		return c, nil
	}
	c.communities = nil
	names, err := place.Names(tx, below...)
	for _, id := range below {
		c.narrow = append(c.narrow, ui.Link{Text: names[id], Href: "/register?place=" + id})
	}
	return c, err
}
