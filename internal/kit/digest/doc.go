// Package digest writes fields down so that no two lists of fields share a text,
// and hashes them: each field is "length:text;", numbers in decimal.
//
// What is built with it stands in databases for ever: the spelling never changes.
package digest
