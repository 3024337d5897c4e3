package browser

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
)

// watch collects what a page does wrong and what it loads.
type watch struct {
	mu       sync.Mutex // guards the rest: events come from another goroutine
	troubles []string
	requests []string
	bytes    int64
}

// see is called for every event of the tab.
func (w *watch) see(event any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		w.requests = append(w.requests, e.Request.URL)
		if foreign(e.Request.URL) {
			w.troubles = append(w.troubles, "a request for another host: "+e.Request.URL)
		}
	case *network.EventResponseReceived:
		if e.Response.Status >= 400 && part(e.Type) {
			w.troubles = append(w.troubles, fmt.Sprintf("a part of the page answers %d: %s", e.Response.Status, e.Response.URL))
		}
	case *network.EventLoadingFinished:
		w.bytes += int64(e.EncodedDataLength)
	case *runtime.EventExceptionThrown:
		w.troubles = append(w.troubles, "a script threw: "+thrown(e.ExceptionDetails))
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning {
			w.troubles = append(w.troubles, "a script complained: "+complaint(e.Args))
		}
	case *log.EventEntryAdded:
		if e.Entry.Source != log.EntrySourceNetwork && e.Entry.Level == log.EntryLevelError || strings.Contains(e.Entry.Text, "Content Security Policy") {
			w.troubles = append(w.troubles, e.Entry.Text)
		}
	}
}

// part says whether something is loaded with a page, whose own answer, and those
// that its script asks for, may well be refusals.
func part(t network.ResourceType) bool {
	return t != network.ResourceTypeDocument && t != network.ResourceTypeFetch && t != network.ResourceTypeXHR
}

func complaint(args []*runtime.RemoteObject) string {
	var words []string
	for _, a := range args {
		words = append(words, string(a.Value)+a.Description)
	}
	return strings.Join(words, " ")
}

func thrown(d *runtime.ExceptionDetails) string {
	if d.Exception != nil && d.Exception.Description != "" {
		return d.Exception.Description
	}
	return d.Text
}

func foreign(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return true
	}
	return strings.HasPrefix(u.Scheme, "http") && u.Hostname() != "127.0.0.1" && u.Hostname() != "localhost"
}

func (w *watch) report(t testing.TB) {
	t.Helper()
	for _, trouble := range w.seen() {
		t.Error(trouble)
	}
}

func (w *watch) seen() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.troubles)
}

// Requests are the addresses that the page has asked for.
func (p *Page) Requests() []string {
	p.watch.mu.Lock()
	defer p.watch.mu.Unlock()
	return slices.Clone(p.watch.requests)
}

// Bytes is how much came over the wire for the page so far, headers and all.
func (p *Page) Bytes() int64 {
	p.watch.mu.Lock()
	defer p.watch.mu.Unlock()
	return p.watch.bytes
}
