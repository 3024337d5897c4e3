// Package page draws the reader's own page 我的 and the service record. It knows
// nothing of records themselves: texts arrive in the reader's language.
package page
