// Package sitetest puts routes on a site for tests, with pages as they are in the
// product and people who are simply said to be there: no accounts, no passwords.
//
//	site := sitetest.New(t, handlers.Routes(), sitetest.People{"站长": worker})
//	webtest.Runner{Handler: site, Sign: sitetest.Sign}.Files(t, "testdata/*.txt")
//
// In a browser the cookie "who" says who looks.
package sitetest
