package auth

import (
	"errors"
	"net/http"
	"time"

	"linli/internal/core/access"
	"linli/internal/kit/fault"
	"linli/internal/kit/web"
)

// Handlers answers requests about accounts: each route is one service call.
type Handlers struct{ accounts *Service }

// NewHandlers makes the handlers of a service.
func NewHandlers(s *Service) *Handlers { return &Handlers{accounts: s} }

const tag = "账号"

// attempts holds an address to few sign-ins and messages, on top of the locks of
// each phone.
func attempts() web.Limit { return web.Limit{Every: 6 * time.Second, Burst: 20} }

// Routes lists what can be asked about accounts.
func (h *Handlers) Routes() []web.Route {
	var all []web.Route
	for _, list := range [][]web.Route{h.api(), h.programs(), h.doors(), h.own(), h.station()} {
		all = append(all, list...)
	}
	return all
}

// api are the routes that programs use.
func (h *Handlers) api() []web.Route {
	return []web.Route{
		{Name: "session.start", Method: "POST", Page: "/sign-in", API: "/api/v1/sessions", Public: true, Status: 201,
			Limit: attempts(), Summary: "用手机号和密码登录", Tag: tag, Handle: web.Action(h.signIn).Page(h.entered).Form(h.signInAgain)},
		{Name: "session.end", Method: "DELETE", API: "/api/v1/sessions/current", Permission: web.SignedIn,
			Summary: "退出登录，这个 token 就不能用了", Tag: tag, Handle: web.Action(h.signOut)},
		{Name: "me", Method: "GET", API: "/api/v1/me", Permission: web.SignedIn,
			Summary: "我是谁，有什么身份", Tag: tag, Handle: web.Action(h.me)},
	}
}

// doors are the pages for who is not signed in.
func (h *Handlers) doors() []web.Route {
	return []web.Route{
		{Name: "session.start.form", Method: "GET", Page: "/sign-in", Public: true, Handle: web.Action(nothing).Page(h.signInPage)},
		{Name: "session.code.form", Method: "GET", Page: "/sign-in/code", Public: true, Handle: web.Action(nothing).Page(h.codeDoorPage)},
		{Name: "session.code.send", Method: "POST", Page: "/sign-in/code/message", Public: true, Limit: attempts(),
			Handle: web.Action(h.send(Enter)).Page(h.codeDoorSent).Form(h.codeDoorUnsent)},
		{Name: "session.code", Method: "POST", Page: "/sign-in/code", Public: true, Limit: attempts(),
			Handle: web.Action(h.signInWithCode).Page(h.entered).Form(h.codeDoorAgain)},

		{Name: "account.open.form", Method: "GET", Page: "/register", Public: true, Handle: web.Action(nothing).Page(h.registerPage)},
		{Name: "account.open.code", Method: "POST", Page: "/register/message", Public: true, Limit: attempts(),
			Handle: web.Action(h.send(Enter)).Page(h.registerSent).Form(h.registerUnsent)},
		{Name: "account.open", Method: "POST", Page: "/register", Public: true, Limit: attempts(),
			Handle: web.Action(h.register).Page(h.entered).Form(h.registerAgain)},

		{Name: "account.reset.form", Method: "GET", Page: "/forgot-password", Public: true, Handle: web.Action(nothing).Page(h.forgotPage)},
		{Name: "account.reset.code", Method: "POST", Page: "/forgot-password/message", Public: true, Limit: attempts(),
			Handle: web.Action(h.send(Enter)).Page(h.forgotSent).Form(h.forgotUnsent)},
		{Name: "account.reset", Method: "POST", Page: "/forgot-password", Public: true, Limit: attempts(),
			Handle: web.Action(h.reset).Page(h.wasReset).Form(h.forgotAgain)},
	}
}

// own are the pages of one's own account.
func (h *Handlers) own() []web.Route {
	return []web.Route{
		{Name: "session.end.here", Method: "POST", Page: "/sign-out", Permission: web.SignedIn, Handle: web.Action(h.signOut).Page(h.left)},
		{Name: "account", Method: "GET", Page: "/account", Permission: web.SignedIn, Handle: web.Action(h.account).Page(h.accountPage)},
		{Name: "session.end.one", Method: "POST", Page: "/account/devices/{id}/end", Permission: web.SignedIn,
			Handle: web.Action(h.endSession).Page(h.backTo("/account", "这台设备退出了。"))},
		{Name: "session.end.others", Method: "POST", Page: "/account/devices/end", Permission: web.SignedIn,
			Handle: web.Action(h.endOthers).Page(h.backTo("/account", "别的设备都退出了。"))},

		{Name: "account.password.form", Method: "GET", Page: "/account/password", Permission: web.SignedIn,
			Handle: web.Action(h.account).Page(h.passwordPage)},
		{Name: "account.password.code", Method: "POST", Page: "/account/password/message", Permission: web.SignedIn, Limit: attempts(),
			Handle: web.Action(h.sendToMe).Page(h.passwordSent).Form(h.passwordUnsent)},
		{Name: "account.password", Method: "POST", Page: "/account/password", Permission: web.SignedIn, Limit: attempts(),
			Handle: web.Action(h.changePassword).Page(h.backTo("/account", "密码改好了，别的设备都退出了。")).Form(h.passwordAgain)},

		{Name: "account.phone.form", Method: "GET", Page: "/account/phone", Permission: web.SignedIn,
			Handle: web.Action(h.account).Page(h.phonePage)},
		{Name: "account.phone.code", Method: "POST", Page: "/account/phone/message", Permission: web.SignedIn, Limit: attempts(),
			Handle: web.Action(h.sendForPhone).Page(h.phoneSent).Form(h.phoneUnsent)},
		{Name: "account.phone", Method: "POST", Page: "/account/phone", API: "/api/v1/me/phone", Permission: web.SignedIn, Limit: attempts(),
			Summary: "换手机号：新号码收到的验证码，加上密码或者旧号码收到的验证码", Tag: tag,
			Handle: web.Action(h.changePhone).Page(h.backTo("/account", "手机号换好了，以后用新号码登录。")).Form(h.phoneAgain)},

		{Name: "account.close.form", Method: "GET", Page: "/account/closure", Permission: web.SignedIn, Handle: web.Action(h.account).Page(h.closePage)},
		{Name: "account.close.code", Method: "POST", Page: "/account/closure/message", Permission: web.SignedIn, Limit: attempts(),
			Handle: web.Action(h.sendToMe).Page(h.closeSent).Form(h.closeUnsent)},
		{Name: "account.close", Method: "POST", Page: "/account/closure", Permission: web.SignedIn, Limit: attempts(),
			Handle: web.Action(h.closeAccount).Page(h.left).Form(h.closeAgain)},

		{Name: "proxy.form", Method: "GET", Page: "/account/proxies/new", Permission: web.SignedIn, Handle: web.Action(nothing).Page(h.proxyPage)},
		{Name: "proxy.code", Method: "POST", Page: "/account/proxies/message", Permission: web.SignedIn, Limit: attempts(),
			Handle: web.Action(h.sendForProxy).Page(h.proxySent).Form(h.proxyUnsent)},
		{Name: "proxy.start", Method: "POST", Page: "/account/proxies", Permission: web.SignedIn, Limit: attempts(),
			Handle: web.Action(h.startProxy).Page(h.backTo("/account", "登记好了，可以替他点单了。")).Form(h.proxyAgain)},
		{Name: "proxy.end", Method: "POST", Page: "/account/proxies/{id}/end", Permission: web.SignedIn,
			Handle: web.Action(h.endProxy).Page(h.backTo("/account", "取消了。"))},
	}
}

// station are the pages about somebody else's account.
func (h *Handlers) station() []web.Route {
	write, grant := string(access.PersonWrite), string(access.RoleGrant)
	return []web.Route{
		{Name: "file", Method: "GET", Page: "/persons/{id}/account", Permission: write, Handle: web.Action(h.file).Page(h.filePage)},
		{Name: "file.open", Method: "POST", Page: "/persons/{id}/account", Permission: write,
			Handle: web.Action(h.openFor).Page(h.fileChanged).Form(fileAgain[openInput](h))},
		{Name: "file.phone", Method: "POST", Page: "/persons/{id}/account/phone", Permission: write,
			Handle: web.Action(h.changePhoneFor).Page(h.fileChanged).Form(fileAgain[lostInput](h))},
		{Name: "file.disable", Method: "POST", Page: "/persons/{id}/account/disable", Permission: grant,
			Handle: web.Action(h.disable).Page(h.fileChanged)},
		{Name: "file.enable", Method: "POST", Page: "/persons/{id}/account/enable", Permission: grant,
			Handle: web.Action(h.enable).Page(h.fileChanged)},
		{Name: "file.proxy", Method: "POST", Page: "/persons/{id}/proxies", Permission: write,
			Handle: web.Action(h.recordProxy).Page(h.fileChanged).Form(fileAgain[recordInput](h))},
		{Name: "file.proxy.end", Method: "POST", Page: "/persons/{id}/proxies/{proxy}/end", Permission: write,
			Handle: web.Action(h.endProxyFor).Page(h.fileChanged)},
		{Name: "role.grant", Method: "POST", Page: "/persons/{id}/roles", Permission: grant,
			Handle: web.Action(h.grant).Page(h.fileChanged).Form(fileAgain[grantInput](h))},
		{Name: "role.revoke", Method: "POST", Page: "/persons/{id}/roles/{grant}/end", Permission: grant,
			Handle: web.Action(h.revoke).Page(h.fileChanged)},
	}
}

// nothing is the call of a page that only shows a form.
func nothing(*web.Request, web.None) (web.None, error) { return web.None{}, nil }

type signInInput struct {
	Phone    string `json:"phone" label:"手机号" maxLength:"40" example:"13800000001"`
	Password string `json:"password" label:"密码" verbatim:"true" maxLength:"256"`
}

// entered is a new session, with what its first page needs.
type entered struct {
	SessionView
	elder    bool
	stranger *codeInput // had the right code, but no account
	known    *codeInput // had the right code, and an account already
}

func (h *Handlers) signIn(r *web.Request, in signInInput) (entered, error) {
	signed, err := h.accounts.SignIn(r.Context(), in.Phone, in.Password, client(r))
	if r.API() && errors.Is(err, errWrongPassword) {
		err = web.NotProved(fault.As(err)) // a page shows its form again
	}
	return h.view(r, signed, err)
}

func (h *Handlers) view(r *web.Request, in SignedIn, err error) (entered, error) {
	if err != nil {
		return entered{}, err
	}
	me, err := h.accounts.Me(r.Context(), in.Who)
	return entered{SessionView: SessionView{Token: in.Token, Me: me}, elder: in.Elder}, err
}

func (h *Handlers) me(r *web.Request, _ web.None) (Me, error) {
	return h.accounts.Me(r.Context(), access.Of(r))
}

func (h *Handlers) signOut(r *web.Request, _ web.None) (web.None, error) {
	token, _ := tokenOf(r.Request)
	return web.None{}, h.accounts.SignOut(r.Context(), token)
}

// left is the page after the way out.
func (h *Handlers) left(r *web.Request, _ web.None) web.Answer {
	r.SetCookie(&http.Cookie{Name: cookieName, MaxAge: -1})
	return web.SeeWithNote("/", r.T("已经退出登录。"))
}

// backTo leads on after a step, with a sentence about it.
func (h *Handlers) backTo(path, msg string) func(*web.Request, web.None) web.Answer {
	return func(r *web.Request, _ web.None) web.Answer { return web.SeeWithNote(path, r.T(msg)) }
}
