// Package web serves one set of routes as pages and as JSON.
package web
