// Package page draws the page of points.
package page
