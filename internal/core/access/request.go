package access

import "linli/internal/kit/web"

// Of is who sends a request, as the gate (core/auth) found out; nobody, the zero
// Who, when nobody is signed in.
func Of(r *web.Request) Who {
	if r.Caller == nil {
		return Who{}
	}
	who, _ := r.Caller.Identity.(Who)
	return who
}
