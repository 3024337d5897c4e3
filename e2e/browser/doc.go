// Package browser lets tests look at pages as people do: it starts a headless
// Chromium, opens a page at a size, in a theme, with cookies, with or without
// script, and asks it questions. A test that needs it is skipped with one clear
// line where no Chromium is installed.
//
// Every page is watched while it is open: a script that throws, a content
// security policy that is broken, or a request for a host that is not this
// machine fails the test. Check runs axe-core (vendored beside this file, its
// licence in axe.LICENSE) on the page as it stands.
package browser
