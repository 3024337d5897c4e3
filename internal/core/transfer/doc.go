// Package transfer reads and writes the spreadsheets of the field.
//
// OpenTable takes what people really upload: XLSX, or CSV of any usual encoding
// and separator, told apart by content and never by name; titles above the
// headings, columns in any order, totals at the end. It refuses what is broken,
// encrypted, too large or no table at all, with a sentence that says what to do.
// Rows stream: a file with 100,000 of them takes no more memory than its text.
//
// NewWriter writes tables with the very same headings, so that what is exported
// can be imported. WriteRemarks gives an uploaded table back with a column of
// remarks.
//
// Sheets are read here and not by excelize, which writes them: its row reader
// takes a torn sheet for a short one, does not tell a formula from a value, and
// unpacks to temporary files. The tests hold the two against each other.
//
// # Formulas
//
// No formula is ever evaluated. Of a formula cell the value is taken that the
// spreadsheet program last computed, and Row.Formulas tells which cells these
// were. On the way out every text that a spreadsheet program could take for a
// formula gets an apostrophe in front (see escape), and in XLSX the cell is also
// typed as text. Reading takes that apostrophe off again.
package transfer
