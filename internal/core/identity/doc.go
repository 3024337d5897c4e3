// Package identity reads, checks and hides what identifies a person, an
// organisation or a place: names, ID and phone numbers, organisation codes,
// division codes, and plain text that people type.
//
// The rules are those of domain.md, section 1.17. Checks answer with a fault
// that names the field and says what to mend; none of them needs a database or
// the time. Masking happens at output only: what is stored stays whole.
package identity
