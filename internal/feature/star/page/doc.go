// Package page draws the pages of stars and honours.
package page
