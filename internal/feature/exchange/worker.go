package exchange

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"sync"

	"linli/internal/core/ui"
)

//go:embed worker.js
var workerScript string

// WorkerPath is where the till's service worker is served: at the top, because a
// worker reaches no further than its own directory.
const WorkerPath = "/till-worker.js"

// worker is the script with the files that it keeps; another file makes another
// cache.
var worker = sync.OnceValue(func() []byte {
	files := []string{"/till"}
	for _, name := range []string{"ui.css", "app.js", "htmx.min.js", "till.js", "icons.svg", "favicon.svg"} {
		files = append(files, ui.Asset(name))
	}
	list, _ := json.Marshal(files) // of texts: it cannot fail
	sum := sha256.Sum256([]byte(string(list) + workerScript))
	return []byte("var CACHE = 'linli-till-" + hex.EncodeToString(sum[:6]) + "', FILES = " + string(list) + ";\n" + workerScript)
})

// Worker serves it. The browser asks anew at each start, so that it is never older
// than the pages.
func Worker() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
		w.Header().Set("Cache-Control", "no-cache")
		_, _ = w.Write(worker()) // a browser that went away needs no answer
	})
}
