package ui

import (
	"context"

	"github.com/a-h/templ"

	"linli/internal/kit/fault"
)

// HeroData is the dusk at the head of a home page.
type HeroData struct {
	Greeting string // the day and the reader
	Title    string
	Line     string // what the lit windows count; not shown in 长辈版
	Lit      int    // windows lit; the wall has Windows of them
}

// ConfirmData asks before something is lost.
type ConfirmData struct {
	Action string // where the answer is posted
	Title  string // the question
	Text   string // what will happen
	Verb   string
	Danger bool
	Back   Link
}

// ProgressData is long work that goes on by itself.
type ProgressData struct {
	ID          string
	Title       string
	Done, Total int64
	Text        string // what to know while it lasts
	Href        string // gives this very component anew; asked every 2 s until finished
	Finished    bool
}

// poll asks for the component again while the work lasts.
func (d ProgressData) poll() templ.Attributes {
	if d.Finished || d.Href == "" {
		return nil
	}
	return templ.Attributes{"hx-get": d.Href, "hx-trigger": "every 2s", "hx-swap": "outerMorph"}
}

// setting is one preference as a link.
type setting struct{ name, value, text string }

// holds tells whether this is how the reader reads now.
func (s setting) holds(p Prefs) bool {
	switch s.name {
	case "lang":
		return s.value == string(p.Lang)
	case "size":
		return s.value == or(p.Size, "standard")
	}
	return s.value == or(p.Theme, "auto")
}

// kindTitle is what went wrong in three words.
func kindTitle(ctx context.Context, err error) string {
	switch fault.KindOf(err) {
	case fault.KindNotFound:
		return T(ctx, "没找到这一页")
	case fault.KindForbidden:
		return T(ctx, "这一页您看不了")
	case fault.KindConflict:
		return T(ctx, "情况刚刚变了")
	case fault.KindBusy:
		return T(ctx, "现在人多，请等一等")
	case fault.KindInvalid:
		return T(ctx, "有一处没填对")
	}
	return T(ctx, "出了点问题")
}
