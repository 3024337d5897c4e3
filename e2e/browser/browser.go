package browser

import (
	"context"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// patience is how long one page may take for everything that is done with it.
const patience = 2 * time.Minute

// Browser is one running Chromium; its pages share nothing but the process.
type Browser struct {
	ctx context.Context
}

// Start runs a Chromium until the test ends.
func Start(t testing.TB) *Browser {
	t.Helper()
	path, ok := find()
	if !ok {
		t.Skip("no chromium on PATH: browser test skipped (apt-get install chromium fonts-noto-cjk)")
	}
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options(path)...)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(func() {
		_ = chromedp.Cancel(ctx) // a browser that is gone already has stopped too
		cancel()
		stop()
	})
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("chromium does not start: %v", err)
	}
	return &Browser{ctx: ctx}
}

func find() (string, bool) {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, true
		}
	}
	return "", false
}

// options keep the browser on this machine: no name but localhost resolves.
func options(path string) []chromedp.ExecAllocatorOption {
	all := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"),
		chromedp.Flag("hide-scrollbars", true),
	)
	if os.Geteuid() == 0 {
		all = append(all, chromedp.NoSandbox) // Chromium refuses root otherwise
	}
	return all
}
