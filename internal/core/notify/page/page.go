package page

import "linli/internal/core/ui"

// Notices is somebody's notices, newest first.
type Notices struct {
	Items []Notice
	Pages ui.Pages
}

// Notice is one of them.
type Notice struct {
	Text  string
	Href  string // where more is said; may be empty
	When  string
	Fresh bool // not read before
}
