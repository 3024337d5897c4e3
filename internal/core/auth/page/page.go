package page

import (
	"net/url"

	"linli/internal/core/ui"
)

// Door is a page for who is not signed in.
type Door struct {
	Next  string // where to go afterwards
	Phone string // as it was typed; empty in the first step
	Code  string // known already, when another door was tried with it
	Sent  bool   // a message went out just now
	Form  ui.Form
}

// to is a path with where to go afterwards.
func (d Door) to(path string) string { return d.query(path, url.Values{}) }

func (d Door) query(path string, q url.Values) string {
	if d.Next != "" && d.Next != "/" {
		q.Set("next", d.Next)
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// Registration is the door for newcomers.
type Registration struct {
	Door
	Place       string      // below which the community is chosen; may be empty
	Narrow      []ui.Link   // when there are too many communities to choose from
	Communities []ui.Option // to choose from
	Terms       []string    // what is agreed to
}

// to keeps the place as well.
func (d Registration) to(path string) string {
	q := url.Values{}
	if d.Place != "" {
		q.Set("place", d.Place)
	}
	return d.query(path, q)
}

// Account is the page of one's own account.
type Account struct {
	Name, Phone string
	HasPassword bool
	Roles       []ui.Fact
	Devices     []Device
	Principals  []Proxy // for whom the reader acts
	Agents      []Proxy // who acts for the reader
}

// Device is a signed-in browser or program.
type Device struct {
	ID, Name, Seen string
	Here           bool // the one that shows this page
}

// Proxy is somebody for whom, or by whom, is acted.
type Proxy struct{ ID, Name, Relation, Agreed string }

// Proof is a form that asks whether it is really the owner.
type Proof struct {
	Phone       string // of the account, masked
	ByCode      bool   // by the code of a message
	HasPassword bool
	Sent        bool
	Form        ui.Form
}

// Move is an account on its way to another number.
type Move struct {
	Proof
	NewPhone string // as it was typed; empty in the first step
}

// Asking is somebody asking to act for another.
type Asking struct {
	Name, Phone string // as typed; empty in the first step
	Relations   []ui.Option
	Form        ui.Form
}

// File is somebody's account as their station sees it.
type File struct {
	ID, Name    string
	Phone       string // masked; empty without an account
	Disabled    bool
	MaySwap     bool // may switch the account off and on
	Roles       []Role
	RoleChoices []ui.Option // none when the reader may give no role
	Places      []ui.Option
	Agents      []Proxy
	Relations   []ui.Option
	Agreements  []ui.Option
	Form        ui.Form
}

func (f File) path(rest string) string { return "/persons/" + f.ID + rest }

// Role is a role that somebody holds.
type Role struct {
	ID, Name, Place string
	MayRevoke       bool
}

// communities are the choices with an empty one on top, so that nobody is put
// into the first by oversight.
func communities(none string, all []ui.Option) []ui.Option {
	return append([]ui.Option{{Text: none}}, all...)
}

// Message is one of the demo's.
type Message struct{ Phone, Text string }
