// Package schema holds the one numbered sequence of migrations and runs it.
//
// A file is called NNNN_feature_what.sql, has one "-- +goose Up" section that
// both engines accept as it stands, and never changes once it has landed:
// landed.sha256 holds its checksum, and a test holds the file against it. There is
// no way down: a mistake is mended by the next file, which keeps the rows that are
// there and gives them what the new version expects of them.
package schema
