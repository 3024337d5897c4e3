// Package page holds the templates of certificates. They decide nothing: package
// certificate fills these structs.
package page
