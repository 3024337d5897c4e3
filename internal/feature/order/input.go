package order

import (
	"strconv"
	"strings"
	"time"

	"linli/internal/kit/fault"
	"linli/internal/kit/web"
)

// requestInput is a request as a form or as JSON. The form has a few fields of its
// own: tiles for the time, a second list of services.
type requestInput struct {
	Request
	Other  string       `json:"other" label:"全部服务" doc:"只有网页的表单用：代替 category"`
	When   string       `json:"when" label:"什么时候" doc:"只有网页的表单用：选中的时段，从哪到哪"`
	From   time.Time    `json:"from" label:"从几点" doc:"只有网页的表单用"`
	To     time.Time    `json:"to" label:"到几点" doc:"只有网页的表单用"`
	Photos []web.Upload `json:"photos" label:"照片" accept:"image/jpeg,image/png,image/webp" maxBytes:"4194304" maxItems:"3"`
}

// asked is the request with the form's own fields folded in.
func (in requestInput) asked() Request {
	r := in.Request
	if in.Other != "" {
		r.Category = in.Other
	}
	switch {
	case !in.From.IsZero() || !in.To.IsZero():
		r.Window = &Window{in.From, in.To}
	case in.When != "":
		r.Window = parseSpan(in.When)
	}
	return r
}

// spanText and parseSpan carry a window through a tile of the form: two Unix
// seconds.
func spanText(w Window) string {
	return strconv.FormatInt(w.From.Unix(), 10) + "-" + strconv.FormatInt(w.To.Unix(), 10)
}

func parseSpan(text string) *Window {
	a, b, found := strings.Cut(text, "-")
	from, err := strconv.ParseInt(a, 10, 64)
	to, err2 := strconv.ParseInt(b, 10, 64)
	if !found || err != nil || err2 != nil {
		return nil
	}
	return &Window{time.Unix(from, 0).UTC(), time.Unix(to, 0).UTC()}
}

// offerInput is an asking as JSON (to) or as a form (ask: "volunteer:<id>").
type offerInput struct {
	ID string `path:"id"`
	Asking
	Ask []string `json:"ask" doc:"只有网页的表单用：种类:编号"`
}

func (in offerInput) asking() (Asking, error) {
	a := in.Asking
	for _, text := range in.Ask {
		kind, id, found := strings.Cut(text, ":")
		if !found {
			return a, fault.Invalid("to", "请挑一个人或一支队伍。")
		}
		a.To = append(a.To, Candidate{Kind: kind, ID: id})
	}
	return a, nil
}
