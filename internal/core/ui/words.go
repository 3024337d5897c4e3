package ui

import (
	"context"
	"embed"
	"sync"

	"linli/internal/kit/fault"
	"linli/internal/kit/i18n"
)

//go:embed locale/*.json
var localeFiles embed.FS

// Catalogue is the English of all pages and messages: every locale/en*.json.
func Catalogue() *i18n.Catalog { return loadCatalogue() }

var loadCatalogue = sync.OnceValue(func() *i18n.Catalog {
	c, err := i18n.Load(localeFiles, "locale/en*.json")
	if err != nil {
		panic(err) // an embedded file is broken: the binary itself is wrong
	}
	return c
})

// T says the Chinese sentence in the reader's language. See i18n.Catalog.T for
// formats and plurals.
func T(ctx context.Context, msg string, args ...any) string {
	return Catalogue().T(PrefsOf(ctx).Lang, msg, args...)
}

// Say is the sentence of an error in the reader's language. Arguments that are
// messages themselves are translated too. An error that is no fault says only
// that it happened.
func Say(ctx context.Context, err error) string {
	e := fault.As(err)
	args := make([]any, len(e.Args))
	for i, arg := range e.Args {
		args[i] = arg
		if msg, ok := arg.(string); ok {
			args[i] = T(ctx, msg)
		}
	}
	return T(ctx, e.Msg, args...)
}
