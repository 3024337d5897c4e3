package ui

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
)

//go:embed static/*.css static/*.js static/*.svg
var staticFiles embed.FS

// sources says which files make up what is served. The three sheets go out as
// one: a phone on a bad network pays for every request.
func sources() map[string][]string {
	return map[string][]string{
		"ui.css":        {"tokens.css", "components.css", "app.css"},
		"app.js":        {"app.js"},
		"till.js":       {"till.js"},
		"htmx.min.js":   {"htmx.min.js"},
		"hx-sse.min.js": {"hx-sse.min.js"},
		"icons.svg":     {"icons.svg"},
		"favicon.svg":   {"favicon.svg"},
	}
}

// asset is one served file, ready in both encodings.
type asset struct {
	path, kind  string
	plain, gzip []byte
}

// loadAssets reads, joins and compresses once, when the first page is rendered.
var loadAssets = sync.OnceValue(func() map[string]asset {
	all := map[string]asset{}
	for name, parts := range sources() {
		a, err := newAsset(name, parts)
		if err != nil {
			panic(err) // an embedded file is missing: the binary itself is wrong
		}
		all[name] = a
	}
	return all
})

func newAsset(name string, parts []string) (asset, error) {
	var plain bytes.Buffer
	for _, part := range parts {
		text, err := staticFiles.ReadFile("static/" + part)
		if err != nil {
			return asset{}, err
		}
		plain.Write(text)
	}
	packed, err := pack(plain.Bytes())
	sum := sha256.Sum256(plain.Bytes())
	return asset{
		path:  "/static/" + hex.EncodeToString(sum[:6]) + "/" + name,
		kind:  mime.TypeByExtension(path.Ext(name)),
		plain: plain.Bytes(),
		gzip:  packed,
	}, err
}

func pack(plain []byte) ([]byte, error) {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(plain); err != nil {
		return nil, err
	}
	err = w.Close() // before the bytes are taken: it writes the last of them
	return out.Bytes(), err
}

// Asset is the path of a static file, with the hash of its content, so that a
// browser may keep it for ever. A name that does not exist is a programming
// error and panics.
func Asset(name string) string {
	a, ok := loadAssets()[name]
	if !ok {
		panic(fmt.Sprintf("ui: no static file %q", name))
	}
	return a.path
}

// Static serves everything under /static/. A path with an old or foreign hash
// is answered with the present file but may not be kept: while several servers
// are being renewed, a page of one may ask another.
func Static() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a, ok := loadAssets()[path.Base(r.URL.Path)]
		if !ok {
			http.NotFound(w, r)
			return
		}
		a.serve(w, r)
	})
}

func (a asset) serve(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Cache-Control", "no-cache")
	if r.URL.Path == a.path {
		header.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	header.Set("Content-Type", a.kind)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Add("Vary", "Accept-Encoding")
	body := a.plain
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		header.Set("Content-Encoding", "gzip")
		body = a.gzip
	}
	header.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // a reader that went away is no error of ours
	}
}
