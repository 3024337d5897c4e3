package page

import (
	"github.com/a-h/templ"

	"linli/internal/core/ui"
)

// feed and follow let a page follow its order: the outer element listens, the
// inner one is fetched again when the server says that something happened. They
// are two elements because a listening element is busy with its own request.
func feed(o Order) templ.Attributes {
	if o.Live == "" {
		return nil
	}
	return templ.Attributes{"hx-sse:connect": o.Live}
}

func follow(o Order) templ.Attributes {
	if o.Live == "" {
		return nil
	}
	return templ.Attributes{"hx-get": o.Self, "hx-trigger": "order from:.live", "hx-swap": "outerMorph"}
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
