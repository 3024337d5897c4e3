package auth

import (
	"strings"

	"linli/internal/core/access"
	"linli/internal/core/auth/page"
	"linli/internal/core/identity"
	"linli/internal/core/ui"
	"linli/internal/kit/web"
)

func (h *Handlers) account(r *web.Request, _ web.None) (Sheet, error) {
	return h.accounts.Account(r.Context(), access.Of(r))
}

func (h *Handlers) accountPage(r *web.Request, s Sheet) web.Answer {
	a := page.Account{Name: s.Person.Name, Phone: s.Person.Phone, HasPassword: s.HasPassword}
	for _, role := range s.Roles {
		a.Roles = append(a.Roles, ui.Fact{Term: r.T(role.Role.Label()), Text: role.Place.Name})
	}
	here := owner(r).Session
	for _, v := range s.Sessions {
		a.Devices = append(a.Devices, page.Device{
			ID: v.ID, Name: deviceName(r, v), Seen: ui.When(r.Context(), v.SeenAt), Here: v.ID == here,
		})
	}
	a.Principals = proxyViews(r, s.Principals, func(p Proxy) string { return p.Principal.Name })
	a.Agents = proxyViews(r, s.Agents, func(p Proxy) string { return p.Agent.Name })
	return web.HTML(page.AccountPage(a))
}

func proxyViews(r *web.Request, all []Proxy, name func(Proxy) string) (out []page.Proxy) {
	for _, p := range all {
		out = append(out, page.Proxy{ID: p.ID, Name: name(p), Relation: r.T(p.Relation.Label()),
			Agreed: r.T("%s，%s", ui.FullDate(r.Context(), p.AgreedAt), r.T(p.How.Label()))})
	}
	return out
}

// deviceName is what people call the device of a session.
func deviceName(r *web.Request, v Session) string {
	if v.Kind == API {
		return r.T("程序接口")
	}
	browser := r.T("浏览器")
	if strings.Contains(v.Device, "MicroMessenger") {
		browser = r.T("微信")
	}
	for _, known := range []struct{ sign, Label string }{
		{sign: "iPhone", Label: "苹果手机"}, {sign: "iPad", Label: "苹果平板"}, {sign: "Android", Label: "安卓手机"},
		{sign: "HarmonyOS", Label: "鸿蒙手机"}, {sign: "Windows", Label: "Windows 电脑"}, {sign: "Macintosh", Label: "苹果电脑"},
		{sign: "Linux", Label: "Linux 电脑"},
	} {
		if strings.Contains(v.Device, known.sign) {
			return r.T("%s里的%s", r.T(known.Label), browser)
		}
	}
	return browser
}

// bySession names one of one's own devices.
type bySession struct {
	ID string `path:"id,code"`
}

func (h *Handlers) endSession(r *web.Request, in bySession) (web.None, error) {
	return web.None{}, h.accounts.EndSession(r.Context(), access.Of(r), in.ID)
}

func (h *Handlers) endOthers(r *web.Request, _ web.None) (web.None, error) {
	o := owner(r)
	return web.None{}, h.accounts.EndOthers(r.Context(), o.Who, o.Session)
}

// proofInput is how an owner shows that it is really them.
type proofInput struct {
	Password string `json:"password" label:"现在的密码" verbatim:"true" maxLength:"256"`
	Code     string `json:"code" label:"验证码" maxLength:"20"`
}

func (in proofInput) proof() Proof { return Proof(in) }

// sendToMe sends a code to the owner's own phone.
func (h *Handlers) sendToMe(r *web.Request, _ web.None) (Sheet, error) {
	s, err := h.accounts.Account(r.Context(), access.Of(r))
	if err != nil {
		return s, err
	}
	return s, h.accounts.SendCode(r.Context(), s.Person.Phone, Confirm)
}

// proving is the form that asks for a proof: by code when there is no password,
// or when the owner has asked for one.
func proving(s Sheet, byCode bool, form ui.Form) page.Proof {
	return page.Proof{Phone: identity.MaskPhone(s.Person.Phone), ByCode: byCode || !s.HasPassword, HasPassword: s.HasPassword, Form: form}
}

// again shows a form of the owner's once more.
func (h *Handlers) again(r *web.Request, p *web.Problem, show func(s Sheet, form ui.Form) web.Component) web.Answer {
	s, err := h.accounts.Account(r.Context(), access.Of(r))
	if err != nil {
		return web.Failed(err)
	}
	return web.HTML(show(s, ui.Refused(r, p)))
}

func (h *Handlers) passwordPage(_ *web.Request, s Sheet) web.Answer {
	return web.HTML(page.Password(proving(s, false, ui.Form{})))
}

func (h *Handlers) passwordSent(_ *web.Request, s Sheet) web.Answer {
	p := proving(s, true, ui.Form{})
	p.Sent = true
	return web.HTML(page.Password(p))
}

func (h *Handlers) passwordUnsent(r *web.Request, _ web.None, p *web.Problem) web.Answer {
	return h.again(r, p, func(s Sheet, form ui.Form) web.Component {
		return page.Password(proving(s, alreadySent(p), form))
	})
}

type passwordInput struct {
	proofInput
	NewPassword string `json:"new_password" label:"新密码" verbatim:"true" maxLength:"256"`
}

func (h *Handlers) changePassword(r *web.Request, in passwordInput) (web.None, error) {
	return web.None{}, h.accounts.ChangePassword(r.Context(), owner(r), in.proof(), in.NewPassword)
}

func (h *Handlers) passwordAgain(r *web.Request, in passwordInput, p *web.Problem) web.Answer {
	return h.again(r, p, func(s Sheet, form ui.Form) web.Component {
		return page.Password(proving(s, in.Code != "", form))
	})
}

func (h *Handlers) phonePage(_ *web.Request, s Sheet) web.Answer {
	return web.HTML(page.Phone(page.Move{Proof: proving(s, false, ui.Form{})}))
}

type moveInput struct {
	NewPhone string `json:"new_phone" label:"新手机号" maxLength:"40"`
	By       string `json:"by" label:"怎么证明是您本人" enum:"password,code"`
}

// moving is one's account on its way to another number.
type moving struct {
	Sheet
	in moveInput
}

// sendForPhone sends a code to the new number, and one to the old when that is to
// be the proof.
func (h *Handlers) sendForPhone(r *web.Request, in moveInput) (moving, error) {
	s, err := h.accounts.Account(r.Context(), access.Of(r))
	if err != nil {
		return moving{}, err
	}
	if err := h.accounts.SendCode(r.Context(), in.NewPhone, NewPhone); err != nil {
		return moving{}, renamed(err, "new_phone")
	}
	if in.By == "code" || !s.HasPassword {
		err = h.accounts.SendCode(r.Context(), s.Person.Phone, Confirm)
	}
	return moving{s, in}, err
}

func (h *Handlers) phoneSent(_ *web.Request, m moving) web.Answer {
	p := proving(m.Sheet, m.in.By == "code", ui.Form{})
	p.Sent = true
	return web.HTML(page.Phone(page.Move{Proof: p, NewPhone: m.in.NewPhone}))
}

func (h *Handlers) phoneUnsent(r *web.Request, in moveInput, p *web.Problem) web.Answer {
	return h.again(r, p, func(s Sheet, form ui.Form) web.Component {
		m := page.Move{Proof: proving(s, in.By == "code", form)}
		if alreadySent(p) {
			m.NewPhone = in.NewPhone
		}
		return page.Phone(m)
	})
}

type changePhoneInput struct {
	proofInput
	NewPhone string `json:"new_phone" label:"新手机号" maxLength:"40"`
	NewCode  string `json:"new_code" label:"新手机收到的验证码" maxLength:"20"`
}

func (h *Handlers) changePhone(r *web.Request, in changePhoneInput) (web.None, error) {
	return web.None{}, h.accounts.ChangePhone(r.Context(), owner(r), in.proof(), in.NewPhone, in.NewCode)
}

func (h *Handlers) phoneAgain(r *web.Request, in changePhoneInput, p *web.Problem) web.Answer {
	return h.again(r, p, func(s Sheet, form ui.Form) web.Component {
		return page.Phone(page.Move{Proof: proving(s, r.TypedForm().Has("code"), form), NewPhone: in.NewPhone})
	})
}

func (h *Handlers) closePage(_ *web.Request, s Sheet) web.Answer {
	return web.HTML(page.Close(proving(s, false, ui.Form{})))
}

func (h *Handlers) closeSent(_ *web.Request, s Sheet) web.Answer {
	p := proving(s, true, ui.Form{})
	p.Sent = true
	return web.HTML(page.Close(p))
}

func (h *Handlers) closeUnsent(r *web.Request, _ web.None, p *web.Problem) web.Answer {
	return h.again(r, p, func(s Sheet, form ui.Form) web.Component {
		return page.Close(proving(s, alreadySent(p), form))
	})
}

func (h *Handlers) closeAccount(r *web.Request, in proofInput) (web.None, error) {
	return web.None{}, h.accounts.CloseAccount(r.Context(), owner(r), in.proof())
}

func (h *Handlers) closeAgain(r *web.Request, in proofInput, p *web.Problem) web.Answer {
	return h.again(r, p, func(s Sheet, form ui.Form) web.Component {
		return page.Close(proving(s, in.Code != "", form))
	})
}

func (h *Handlers) proxyPage(*web.Request, web.None) web.Answer {
	return web.HTML(page.AskProxy(page.Asking{}))
}

type askInput struct {
	Name  string `json:"name" label:"姓名" maxLength:"100"`
	Phone string `json:"phone" label:"手机号" maxLength:"40"`
}

func (h *Handlers) sendForProxy(r *web.Request, in askInput) (askInput, error) {
	return in, h.accounts.SendCode(r.Context(), in.Phone, Consent)
}

func (h *Handlers) proxySent(r *web.Request, in askInput) web.Answer {
	return web.HTML(page.AskProxy(asking(r, in, ui.Form{})))
}

func (h *Handlers) proxyUnsent(r *web.Request, in askInput, p *web.Problem) web.Answer {
	if !alreadySent(p) {
		return web.HTML(page.AskProxy(page.Asking{Form: ui.Refused(r, p)}))
	}
	return web.HTML(page.AskProxy(asking(r, in, ui.Refused(r, p))))
}

func asking(r *web.Request, in askInput, form ui.Form) page.Asking {
	return page.Asking{Name: in.Name, Phone: in.Phone, Relations: relations(r), Form: form}
}

func relations(r *web.Request) (out []ui.Option) {
	for _, rel := range Relations() {
		out = append(out, ui.Option{Value: string(rel), Text: r.T(rel.Label())})
	}
	return out
}

type proxyInput struct {
	askInput
	Code     string   `json:"code" label:"验证码" maxLength:"20"`
	Relation Relation `json:"relation" label:"您是他的什么人"`
}

func (h *Handlers) startProxy(r *web.Request, in proxyInput) (web.None, error) {
	_, err := h.accounts.AgreeByCode(r.Context(), access.Of(r),
		ProxyRequest{Name: in.Name, Phone: in.Phone, Code: in.Code, Relation: in.Relation})
	return web.None{}, err
}

func (h *Handlers) proxyAgain(r *web.Request, in proxyInput, p *web.Problem) web.Answer {
	return web.HTML(page.AskProxy(asking(r, in.askInput, ui.Refused(r, p))))
}

type byID struct {
	ID string `path:"id"`
}

func (h *Handlers) endProxy(r *web.Request, in byID) (web.None, error) {
	who := access.Of(r)
	return web.None{}, h.accounts.EndProxy(r.Context(), who, who.District, in.ID)
}
