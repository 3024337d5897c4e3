package auth

import (
	"linli/internal/core/access"
	"linli/internal/core/person"
	"linli/internal/kit/db"
	"linli/internal/kit/web"
)

// programs are the routes by which a program does what people do on the pages of
// the door and of somebody's account.
func (h *Handlers) programs() []web.Route {
	write, grant := string(access.PersonWrite), string(access.RoleGrant)
	return []web.Route{
		{Name: "code.send", Method: "POST", API: "/api/v1/codes", Public: true, Limit: attempts(),
			Summary: "把一次性验证码发到手机；登录、注册、重设密码都用它", Tag: tag, Handle: web.Action(h.sendCode)},
		{Name: "session.start.code", Method: "POST", API: "/api/v1/sessions/code", Public: true, Status: 201, Limit: attempts(),
			Summary: "用手机号和验证码登录", Tag: tag, Handle: web.Action(h.startWithCode)},
		{Name: "account.register", Method: "POST", API: "/api/v1/accounts", Public: true, Status: 201, Limit: attempts(),
			Summary: "用验证码注册，注册好就登录了", Tag: tag, Handle: web.Action(h.registerNew)},
		{Name: "account.password.reset", Method: "POST", API: "/api/v1/password-resets", Public: true, Limit: attempts(),
			Summary: "忘了密码：用验证码设一个新的", Tag: tag, Handle: web.Action(h.resetPassword)},
		{Name: "account.phone.send", Method: "POST", API: "/api/v1/me/phone/codes", Permission: web.SignedIn, Limit: attempts(),
			Summary: "要换手机号：把验证码发到新号码，by 是 code 时旧号码也发一个", Tag: tag, Handle: web.Action(h.sendPhoneCodes)},
		{Name: "role.list", Method: "GET", API: "/api/v1/persons/{id}/roles", Permission: write,
			Summary: "一个人有哪些身份", Tag: tag, Handle: web.Action(h.roles)},
		{Name: "role.give", Method: "POST", API: "/api/v1/persons/{id}/roles", Permission: grant, Status: 201,
			Summary: "给一个身份", Tag: tag, Handle: web.Action(h.giveRole)},
		{Name: "role.end", Method: "POST", API: "/api/v1/persons/{id}/roles/{grant}/end", Permission: grant,
			Summary: "收回一个身份", Tag: tag, Handle: web.Action(h.endRole)},
	}
}

func (h *Handlers) sendCode(r *web.Request, in phoneInput) (web.None, error) {
	return web.None{}, h.accounts.SendCode(r.Context(), in.Phone, Enter)
}

func (h *Handlers) startWithCode(r *web.Request, in codeInput) (SessionView, error) {
	signed, err := h.accounts.SignInWithCode(r.Context(), in.Phone, in.Code, client(r))
	e, err := h.view(r, signed, err)
	return e.SessionView, err
}

type accountInput struct {
	codeInput
	Name      string `json:"name" label:"姓名" maxLength:"100"`
	Community string `json:"community" label:"社区" maxLength:"40" doc:"社区的区划代码"`
	Password  string `json:"password" label:"密码" verbatim:"true" maxLength:"256" doc:"不写就只用验证码登录"`
	Agreed    bool   `json:"agreed" label:"同意" doc:"本人同意联系他、记他的服务"`
}

func (h *Handlers) registerNew(r *web.Request, in accountInput) (SessionView, error) {
	signed, err := h.accounts.Register(r.Context(), Registration{
		Phone: in.Phone, Code: in.Code, Name: in.Name, Community: in.Community, Password: in.Password, Agreed: in.Agreed,
	}, client(r))
	e, err := h.view(r, signed, err)
	return e.SessionView, err
}

func (h *Handlers) resetPassword(r *web.Request, in resetInput) (web.None, error) {
	return web.None{}, h.accounts.ResetPassword(r.Context(), in.Phone, in.Code, in.Password)
}

func (h *Handlers) sendPhoneCodes(r *web.Request, in moveInput) (web.None, error) {
	_, err := h.sendForPhone(r, in)
	return web.None{}, err
}

func (h *Handlers) roles(r *web.Request, in byID) (web.List[HeldView], error) {
	f, err := h.accounts.File(r.Context(), access.Of(r), in.ID)
	return web.List[HeldView]{Items: append([]HeldView{}, f.Held...)}, err
}

func (h *Handlers) giveRole(r *web.Request, in grantInput) (HeldView, error) {
	return db.Returning(r.Context(), h.accounts.db, func(tx *db.Tx) (HeldView, error) {
		p, err := person.Seek(tx, access.Of(r), in.ID)
		if err != nil {
			return HeldView{}, err
		}
		held, err := h.accounts.Grant(tx, access.Of(r), in.appointment(p))
		if err != nil {
			return HeldView{}, err
		}
		return heldView(tx, access.Of(r), held)
	})
}

func (h *Handlers) endRole(r *web.Request, in revokeInput) (web.None, error) {
	_, err := h.revoke(r, in)
	return web.None{}, err
}
