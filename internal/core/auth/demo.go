package auth

import (
	"crypto/subtle"
	"net/url"

	"linli/internal/core/auth/page"
	"linli/internal/core/auth/sms"
	"linli/internal/core/identity"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
	"linli/internal/kit/web"
)

// Demo is what only a demo may have: links that sign in with one click, and a page
// that shows the messages phones would have got. Its routes are mounted in a demo
// and nowhere else.
type Demo struct {
	key      string
	messages *sms.Console
}

// NewDemo makes the demo's doors. The key is made anew for every demo and kept in
// its data directory; who has it is anybody in that demo.
func NewDemo(key string, messages *sms.Console) *Demo {
	return &Demo{key: key, messages: messages}
}

// Link is the path that signs in the account of a phone.
func (d *Demo) Link(phone string) string {
	return "/demo/sign-in?" + url.Values{"as": {phone}, "key": {d.key}}.Encode()
}

// Routes lists the demo's routes.
func (d *Demo) Routes(s *Service) []web.Route {
	h := demoDoor{NewHandlers(s), d}
	return []web.Route{
		{Name: "demo.enter", Method: "GET", Page: "/demo/sign-in", Public: true, Handle: web.Action(h.enter).Page(h.entered)},
		{Name: "demo.messages", Method: "GET", Page: "/demo/messages", Public: true, Handle: web.Action(nothing).Page(d.messagesPage)},
	}
}

type demoInput struct {
	As  string `json:"as" label:"手机号" maxLength:"40"`
	Key string `json:"key" label:"钥匙" maxLength:"200"`
}

// demoDoor lets in whoever has the key.
type demoDoor struct {
	*Handlers
	demo *Demo
}

func (d demoDoor) enter(r *web.Request, in demoInput) (entered, error) {
	if d.demo.key == "" || subtle.ConstantTimeCompare([]byte(in.Key), []byte(d.demo.key)) != 1 {
		return entered{}, fault.Forbidden("这个链接不是这次演示的。请用演示启动时打印的链接。")
	}
	phone, err := identity.Mobile("as", in.As)
	if err != nil {
		return entered{}, err
	}
	signed, err := db.Returning(r.Context(), d.accounts.db, func(tx *db.Tx) (SignedIn, error) {
		l, err := findLogin(tx, phone)
		if err != nil {
			return SignedIn{}, err
		}
		if l.holder == nil {
			return SignedIn{}, fault.NotFound("演示里没有这个账号。")
		}
		return d.accounts.start(tx, l.holder, client(r))
	})
	return d.view(r, signed, err)
}

func (d *Demo) messagesPage(*web.Request, web.None) web.Answer {
	var all []page.Message
	for _, m := range d.messages.Latest() {
		all = append(all, page.Message{Phone: m.Phone, Text: m.Text})
	}
	return web.HTML(page.Messages(all))
}
