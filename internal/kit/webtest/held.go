package webtest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
)

// Held is a transport for tests that send requests of their own: every answer of
// the API is held against the OpenAPI document of the site at url, and what does
// not fit fails the test.
func Held(t testing.TB, url string) http.RoundTripper {
	t.Helper()
	s := session{Runner: Runner{URL: url}, people: map[string]*http.Client{}}
	if err := s.learn(); err != nil {
		t.Fatal(err)
	}
	if s.spec == nil {
		t.Fatalf("%s has no OpenAPI document", url)
	}
	return held{t, s.spec}
}

type held struct {
	t    testing.TB
	spec *spec
}

func (h held) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(resp.Body)
	resp.Body.Close()
	if err != nil {
		return nil, err
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	a := &answer{method: r.Method, path: r.URL.Path, status: resp.StatusCode, header: resp.Header, body: string(body)}
	if strings.Contains(resp.Header.Get("Content-Type"), "json") {
		if err := json.Unmarshal(body, &a.json); err != nil {
			h.t.Errorf("%s %s: the answer is not the JSON it says it is: %v", r.Method, r.URL.Path, err)
		}
	}
	if err := h.spec.check(a); err != nil {
		h.t.Errorf("%s %s: %v", r.Method, r.URL.Path, err)
	}
	return resp, nil
}
