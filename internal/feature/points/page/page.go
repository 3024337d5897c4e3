package page

import (
	"context"

	"linli/internal/core/ui"
)

// Points is what somebody has earned, the newest movements first.
type Points struct {
	Balance int64
	PerHour int64 // what an hour earns where the reader lives
	Items   []Entry
	Pages   ui.Pages
}

// Entry is one movement. Texts are in the reader's language.
type Entry struct {
	Memo, When string
	Amount     int64
	Balance    string // after it
}

// signed is an amount with its sign, as people write it.
func (e Entry) signed() string {
	if e.Amount > 0 {
		return "+" + ui.Number(e.Amount)
	}
	return ui.Number(e.Amount)
}

// earns says what an hour is worth; nothing where it earns nothing.
func earns(ctx context.Context, p Points) string {
	if p.PerHour == 0 {
		return ""
	}
	return ui.T(ctx, "服务 1 小时记 %d 分", p.PerHour)
}
