// Package config fills one documented struct from the command line, the
// environment and a file.
//
// The struct is a kong grammar: its tags hold every setting's name, help and
// default. A setting is looked for as a flag (--max-body), then in the
// environment (PREFIX_MAX_BODY), then in the file (max-body = …), then in its
// default. Every value that cannot be read, from wherever it comes, and every
// name in the file that is no setting, is reported at once.
//
// The file holds one setting a line:
//
//	# where everything is kept
//	database = postgres://linli@10.0.0.5/linli
//	origins  = https://a.example, https://b.example
//
// Tags beyond kong's own: secret:"true" masks the whole value when settings are
// shown, secret:"url" only the password inside an address.
package config
