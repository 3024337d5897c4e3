package page

import (
	"github.com/a-h/templ"

	"linli/internal/core/ui"
)

// live lets a page follow its order: the part is fetched again when the server
// says that something happened.
func live(o Order) templ.Attributes {
	if o.Live == "" {
		return nil
	}
	return templ.Attributes{
		"hx-sse:connect": o.Live, "hx-get": o.Self, "hx-trigger": "order", "hx-swap": "outerMorph",
	}
}

func buttonClass(b Button) string {
	switch {
	case b.Primary:
		return "btn lg primary"
	case b.Danger:
		return "btn lg danger"
	}
	return "btn lg"
}

// whenChosen is the first choice of time: what was understood from the words.
func whenChosen(options []ui.Option) string {
	if len(options) == 0 {
		return ""
	}
	return options[0].Value
}

// withChip puts the chip on a ticket that needs one.
func withChip(t Ticket) ui.TicketData {
	d := t.Data
	if t.Late != "" || t.Word != "" {
		d.Chip = ticketChip(t)
	}
	return d
}
