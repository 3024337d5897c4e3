// Package id makes identifiers: UUIDv7 (RFC 9562, section 5.7) in its usual text
// form, so that ids sort by the time at which they were made, on every engine.
package id
