package ui

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func get(t *testing.T, h http.Handler, target string, header map[string]string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, target, nil)
	for name, value := range header {
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, r *http.Response) []byte {
	t.Helper()
	text, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestStatic(t *testing.T) {
	for name := range sources() {
		path := Asset(name)
		plain := get(t, Static(), path, nil)
		if got := plain.Header.Get("Cache-Control"); got != "public, max-age=31536000, immutable" {
			t.Errorf("%s: Cache-Control %q", path, got)
		}
		if kind := plain.Header.Get("Content-Type"); kind == "" || strings.HasPrefix(kind, "text/plain") {
			t.Errorf("%s: Content-Type %q", path, kind)
		}
		packed := get(t, Static(), path, map[string]string{"Accept-Encoding": "br, gzip"})
		if packed.Header.Get("Content-Encoding") != "gzip" {
			t.Fatalf("%s: not compressed", path)
		}
		unpack, err := gzip.NewReader(bytes.NewReader(body(t, packed)))
		if err != nil {
			t.Fatal(err)
		}
		if text, err := io.ReadAll(unpack); err != nil || !bytes.Equal(text, body(t, plain)) {
			t.Errorf("%s: the two encodings differ (%v)", path, err)
		}
	}
}

func TestStaticKeepsOnlyItsOwnHash(t *testing.T) {
	stale := get(t, Static(), "/static/000000000000/ui.css", nil)
	if stale.StatusCode != 200 || stale.Header.Get("Cache-Control") != "no-cache" {
		t.Errorf("another hash: %d %q", stale.StatusCode, stale.Header.Get("Cache-Control"))
	}
	for _, target := range []string{"/static/x/none.css", "/static/", "/static/x/tokens.css"} {
		if got := get(t, Static(), target, nil).StatusCode; got != 404 {
			t.Errorf("%s: %d, want 404", target, got)
		}
	}
}

func TestStyleSheetsAreInOrder(t *testing.T) {
	sheet := string(loadAssets()["ui.css"].plain)
	tokens, components, app := strings.Index(sheet, "· tokens."), strings.Index(sheet, "· components,"), strings.Index(sheet, "· what the product")
	if tokens < 0 || components < tokens || app < components {
		t.Errorf("order: tokens %d, components %d, app %d", tokens, components, app)
	}
}

func TestNoForeignHost(t *testing.T) {
	for name, a := range loadAssets() {
		if strings.Contains(name, "htmx") || strings.Contains(name, "sse") {
			continue // theirs; the browser test watches what is really asked for
		}
		text := strings.ReplaceAll(string(a.plain), "http://www.w3.org/", "")
		for _, sign := range []string{"http://", "https://", "@import", "url("} {
			if strings.Contains(text, sign) {
				t.Errorf("%s has %q", name, sign)
			}
		}
	}
}

// TestVendoredFiles holds what is not ours to what static/README.md names.
func TestVendoredFiles(t *testing.T) {
	for name, want := range map[string]string{
		"htmx.min.js":   "a0abb04f2f45a1f89d1d4844023245537e5e6014c87b144553e0607b4cc32130",
		"hx-sse.min.js": "18ef2761356ec1fe0bb6d92612315b37517a7c1e9856b661c5ae81fef239d103",
	} {
		if got := fmt.Sprintf("%x", sha256.Sum256(loadAssets()[name].plain)); got != want {
			t.Errorf("%s has the sum %s, want %s", name, got, want)
		}
	}
}

func TestAssetPanicsOnUnknownName(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("an unknown name was accepted")
		}
	}()
	Asset("none")
}

func TestEveryGlyphIsDrawn(t *testing.T) {
	sprite := string(loadAssets()["icons.svg"].plain)
	source, err := staticFiles.ReadFile("static/icons.svg")
	if err != nil || string(source) != sprite {
		t.Fatal("the sprite is not served as it stands")
	}
	for _, g := range []Glyph{GlyphHome, GlyphShare, GlyphX} {
		if !strings.Contains(sprite, `id="i-`+string(g)+`"`) {
			t.Errorf("no drawing for %q", g)
		}
	}
}
