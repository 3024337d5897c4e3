// Package schema holds the one numbered sequence of migrations and runs it.
//
// A file is called NNNN_feature_what.sql, has one "-- +goose Up" section that
// both engines accept as it stands, and never changes once it was released.
// There is no way down: a mistake is mended by the next file.
package schema
