// Package page holds the first page that everybody sees before signing in.
package page
