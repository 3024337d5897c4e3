package ui

import "github.com/a-h/templ"

// Step is one of the windows that light up as a thing moves on.
type Step struct {
	Glyph   string // the one character in the window
	Label   string // 2 to 4 characters
	When    string // a day only; the times stand in the log
	Done    bool
	Current bool
}

// LogEntry is one line of what happened, newest first.
type LogEntry struct {
	Title  string
	When   string
	Text   string          // one sentence more; may be empty
	Todo   bool            // has not happened yet
	Action templ.Component // a button that belongs to it; nil for none
}

// Fact is one line of a list of facts.
type Fact struct {
	Term, Text string
	Detail     templ.Component // in place of Text where it is more than text
}

// Pages are the ways on from one part of a list; empty ones lead nowhere.
type Pages struct {
	First string // back to the beginning
	Next  string
}

// Bar is one of several amounts that are compared.
type Bar struct {
	Label string
	Value int64
	Text  string // the amount in words; Number(Value) when empty
}

// longest is the amount that fills the width.
func longest(bars []Bar) int64 {
	most := int64(1)
	for _, b := range bars {
		most = max(most, b.Value)
	}
	return most
}

// Gap is how many people a kind of help needs and has.
type Gap struct {
	Name       string
	Need, Have int
}

// maxUnits is where windows stop and only the words go on.
const maxUnits = 30

// units are the windows: lit, missing and spare ones.
func units(need, have int) []string {
	var classes []string
	for i := range min(max(need, have), maxUnits) {
		switch {
		case i >= have:
			classes = append(classes, "x")
		case i >= need:
			classes = append(classes, "o")
		default:
			classes = append(classes, "")
		}
	}
	return classes
}
