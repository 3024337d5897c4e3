// Package i18n turns a source sentence into the reader's language.
//
// The Chinese sentence written in the code is the message itself and its id.
// A Catalog holds the English for it; where the English is missing the Chinese
// is shown, so that a forgotten translation is a blemish and never an error.
// Find lists the message ids of a source tree, for the test that keeps a
// catalogue complete.
package i18n
