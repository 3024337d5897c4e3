package ui

import (
	"linli/internal/kit/fault"
	"linli/internal/kit/web"
)

// Refused is a form as it was typed, with what the server found wrong in it. The
// messages of a problem are in the reader's language already.
func Refused(r *web.Request, p *web.Problem) Form {
	f := Form{values: r.TypedForm()}
	for _, e := range p.Errors {
		f.faults = append(f.faults, &fault.Error{Kind: fault.KindInvalid, Field: e.Field, Msg: "%s", Args: []any{e.Message}})
	}
	if len(p.Errors) == 0 {
		f.faults = append(f.faults, &fault.Error{Kind: fault.Kind(p.Kind), Msg: "%s", Args: []any{p.Detail}})
	}
	return f
}
