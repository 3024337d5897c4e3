// Package fault is the one closed set of errors that may reach a person.
//
// Rules and services return a *fault.Error: a kind that decides the answer's
// status, a sentence that the reader can act on, and the field it belongs to.
// The sentence is written in Chinese and is at the same time the id under which
// a catalogue holds its translation. Every other error is internal: it is
// logged where it is answered, and the reader sees only that it happened.
package fault
