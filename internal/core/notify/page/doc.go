// Package page draws the page of notices. It knows nothing of where they come
// from: texts arrive in the reader's language.
package page
