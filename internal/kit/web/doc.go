// Package web serves one set of routes as pages and as JSON.
//
// A Route names a method, a page path, an API path, a permission and one service
// call; Action makes the call's renderers. The same input struct is filled from a
// JSON body, a form or a query; the outcome becomes JSON as it is, and a page by
// the route's own renderer. All routes can be listed (Site.Routes), which is what
// the OpenAPI document, the documentation page and the permission test are made
// of.
//
// # One request
//
// Site gives it an id and its language, sets the headers that keep the browser on
// our side, compresses, holds the client to its rate, refuses what another site
// posts (http.CrossOriginProtection), and finds the route. The route asks the Gate
// who this is and whether they may, reads the body within its bounds, decodes it,
// makes the call and renders. Whatever fails on the way is a fault (package
// fault) or becomes one, and Request.fail alone answers it: problem+json (RFC
// 9457) under /api/, the form again with what was typed and what is wrong with it,
// the way to the sign-in page, or the error page. Our own failures are logged
// there, once, with the id that the reader sees; the log holds no person, address
// or query.
//
// # Input
//
// Fields carry their JSON name, which is also their name in forms ("window.from")
// and queries, or the wildcard of the path that they come from:
//
//	type Input struct {
//		ID     string    `path:"id"`         // an id (package id); `path:"code,code"` takes a short code
//		Reason string    `json:"reason" label:"原因" required:"true" maxLength:"200" lines:"true"`
//		From   time.Time `json:"from" doc:"…" example:"…"`
//	}
//
// Further tags: minLength, minimum, maximum, maxItems, enum:"a,b" (or a type with
// an Enum method), verbatim:"true" for what must not be trimmed, accept and
// maxBytes for an Upload. Decoding is strict and finds every mistake in one go:
// unknown names, wrong types, numbers and texts out of bounds, control characters.
// Rules that look at several fields stand in a Check method.
//
// # Once only
//
// A post under /api/ that carries an Idempotency-Key happens once: the same key,
// address and body from the same caller get the first answer again
// (Idempotent-Replayed: true), another body gets 409, and the same one while the
// first is under way gets 409 with Retry-After. The key's row is written by the
// first statement of the transaction in which the effect happens (db.WithHook), so
// no crash can part them. A service that gives its view back from that transaction
// (db.Returning) has the answer recorded in it too, and a retry after a crash gets
// it; a service that makes its view afterwards leaves a gap in which a crash costs
// the answer but not the effect, and the retry is told so. What failed before its
// effect leaves the key free.
//
// Answers rest sealed, and bodies only as keyed hashes, because both hold what the
// table's readers must not see: tokens, phone numbers, passwords.
package web
