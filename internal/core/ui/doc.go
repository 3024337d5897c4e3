// Package ui is what every page of Linli is made of: the shell around it, the
// components in it, the words and preferences of its reader, and the static
// files it links to.
//
// A page is a templ component inside Page. Texts handed to components are
// already in the reader's language (T); only NavItem.Label and the state words
// are message ids, because they stand in tables. What the reader prefers
// (language, size, theme) and what surrounds the page (place, phone, menu) ride
// in the context: Preferences puts the one there, WithShell the other.
//
// Every component works without JavaScript and under a content security policy
// without unsafe-inline: no inline script, no inline style, no foreign host.
package ui
