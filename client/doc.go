// Package client is the Go client of Linli's JSON API (/api/v1). It names what the
// main loop, the door, roles and rosters need; the whole API is described at
// /api/openapi.json, and Get and Post reach the rest.
//
//	c := client.New("http://127.0.0.1:8080")
//	me, err := c.SignIn(ctx, phone, password)
//	order, err := c.Request(ctx, client.Request{Text: "想请人来理个发"})
//
// Every POST carries an Idempotency-Key of its own, so a call that was cut off can
// be made again: Tries makes it again with the same key. An error of the server is an
// *Error with its kind, its sentence in the language of the client, and the fields
// it belongs to.
package client
