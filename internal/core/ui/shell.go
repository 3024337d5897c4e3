package ui

import (
	"context"
	"strings"
	"time"

	"github.com/a-h/templ"
)

// Shell is what surrounds a page and is the same on all pages of one reader.
type Shell struct {
	Place  Link   // the community and its page
	Phone  Phone  // the service station; every page shows it
	Note   string // what the last step did, said once
	Reader string // who is signed in, as shown; empty when nobody is
	Menu   []NavItem
	Zone   *time.Location // of the place; nil is Asia/Shanghai

	// Where the ways in and out lead; empty ones are not shown.
	Home, Account, SignIn, SignOut string
}

// Link is a text and where it leads.
type Link struct {
	Text, Href string
}

// Phone is a number as people write it: "0311-5550-0126".
type Phone string

// Href is the tel: link.
func (p Phone) Href() string {
	keep := func(r rune) rune {
		if r == '+' || '0' <= r && r <= '9' {
			return r
		}
		return -1
	}
	return "tel:" + strings.Map(keep, string(p))
}

// Where says on which screens a menu item is shown. A phone has room for five.
type Where string

const (
	Everywhere  Where = ""
	WideOnly    Where = "wide"  // from 64em
	PhoneOnly   Where = "tab"   // tabs only
	NotLarge    Where = "std"   // leaves the tabs in 长辈版
	OnlyInLarge Where = "elder" // only in 长辈版
)

// NavItem is one entry of the menu.
type NavItem struct {
	Href  string
	Icon  Glyph
	Label string // a message id
	Count int    // work that waits; 0 shows none
	Where Where
	Lit   bool // the one raised tab
}

func (n NavItem) class() string {
	if n.Lit {
		return strings.TrimSpace("lit " + string(n.Where))
	}
	return string(n.Where)
}

type shellKey struct{}

// WithShell puts the shell where Page finds it.
func WithShell(ctx context.Context, s Shell) context.Context {
	return context.WithValue(ctx, shellKey{}, s)
}

// ShellOf is the shell of this request; an empty one when none was put.
func ShellOf(ctx context.Context) Shell {
	s, _ := ctx.Value(shellKey{}).(Shell)
	return s
}

// PageData is what one page tells its shell.
type PageData struct {
	Title string // in the reader's language
	Live  bool   // the page listens to server-sent events
}

// current is the index of the menu item that the page belongs to, -1 for none:
// the longest address that the page's own begins with.
func current(items []NavItem, self string) int {
	path, _, _ := strings.Cut(self, "?")
	best, length := -1, 0
	for i, item := range items {
		href := strings.TrimSuffix(item.Href, "/")
		if (path == item.Href || strings.HasPrefix(path, href+"/") && href != "") && len(item.Href) > length {
			best, length = i, len(item.Href)
		}
	}
	return best
}

// attrs are the reader's choices on the html element.
func (p Prefs) attrs() templ.Attributes {
	all := templ.Attributes{"lang": p.Lang.Tag()}
	if p.Size != "" {
		all["data-size"] = p.Size
	}
	if p.Theme != "" {
		all["data-theme"] = p.Theme
	}
	return all
}
