package page

import "linli/internal/core/ui"

// Paper is a certificate as it stands on paper. Its words are Chinese for every
// reader.
type Paper struct {
	Number, Name, Deed, Thanks, Identity string
	Lines                                []string
	Seal                                 string
	Unit                                 []string
	Code                                 string
	QR                                   QR
	Revoked                              bool
}

// QR is a code as the path of an SVG; one unit is one square.
type QR struct {
	Path string
	View string // viewBox
}

// Certificate is the page of one certificate, or of a request for one.
type Certificate struct {
	Title, Lead string
	Paper       *Paper // nil: not issued yet
	State       ui.State
	Word        string
	Facts       []ui.Fact
	PDF, JSON   string
	Check       ui.Link
	Notes       []Note
	Steps       []Step
	Back        ui.Link
	Form        ui.Form
}

// Note is a remark over the page.
type Note struct {
	State ui.State
	Text  string
}

// Step is a button that moves the certificate on.
type Step struct {
	Action, Verb string
	Ask          string // label of the reason that is asked for; empty: none
	Danger       bool
	Main         bool
}

// Own is the page of one's certificates.
type Own struct {
	Helps   bool // there is something to certify
	Lead    string
	Choices []Choice
	Form    ui.Form
	From    string
	To      string
	Items   []Line
}

// Choice is a period that one press asks for.
type Choice struct{ Period, Verb, More string }

// Line is a certificate in a list.
type Line struct {
	Href, Title, More, Minutes string
	State                      ui.State
	Word                       string
}

// Register is the book of a place.
type Register struct {
	Title, Place  string
	Waiting       []Line
	Items         []Line
	Pages         ui.Pages
	Batches       []Line
	MayBatch      bool
	MayUnit       bool
	Form          ui.Form
	From, To      string
	Unit          []ui.Fact
	UnitName      string
	UnitHead      string
	UnitMinistry  string
	UnitHint      string
	Announcements string
	Asked         string // which of the forms was sent: "batch", "unit"
}

// Batch is the page of many at once.
type Batch struct {
	Title    string
	Progress ui.ProgressData
	Facts    []ui.Fact
	Back     ui.Link
}

// Check is the public page of a code.
type Check struct {
	Title string
	State ui.State
	Word  string
	Lead  string
	Facts []ui.Fact
	DID   string
}

// Announced is the public notice of a place.
type Announced struct {
	Title, Lead string
	Phone       ui.Phone
	Items       []Notice
}

// Notice is one line of it; the name is masked.
type Notice struct{ Number, Name, Period, Minutes, Until, Unit string }
