package sms

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var hello = Message{Phone: "13800000001", Text: "【邻里】验证码 424242", Key: "k1"}

func TestGatewayPostsTheMessage(t *testing.T) {
	var got Message
	var header http.Header
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header = r.Header
		if err := json.NewDecoder(r.Body).Decode(&got); err != nil {
			t.Error(err)
		}
		w.WriteHeader(http.StatusAccepted)
	}))
	defer server.Close()
	g, err := NewGateway(server.URL, "tok-en")
	if err != nil {
		t.Fatal(err)
	}
	if err := g.Send(t.Context(), hello); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(hello, got); diff != "" {
		t.Error(diff)
	}
	if header.Get("Authorization") != "Bearer tok-en" || header.Get("Idempotency-Key") != "k1" {
		t.Errorf("headers: %v", header)
	}
}

func TestGatewayFailures(t *testing.T) {
	answers := map[string]http.HandlerFunc{
		"500": func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "424242 tok-en", 500) },
		"404": http.NotFound,
		"redirect": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://example.org/", http.StatusTemporaryRedirect)
		},
		"hangs up": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	}
	for name, answer := range answers {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(answer)
			defer server.Close()
			g, err := NewGateway(server.URL+"/?key=se-cret", "tok-en")
			if err != nil {
				t.Fatal(err)
			}
			err = g.Send(t.Context(), hello)
			if err == nil {
				t.Fatal("taken for sent")
			}
			for _, secret := range []string{"424242", "tok-en", "se-cret", hello.Phone} {
				if strings.Contains(err.Error(), secret) {
					t.Errorf("%v tells %q", err, secret)
				}
			}
		})
	}
}

func TestGatewayGivesUp(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // a server notices that the client left only after the body
		<-r.Context().Done()
	}))
	defer server.Close()
	g, err := NewGateway(server.URL, "")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := g.Send(ctx, hello); err == nil {
		t.Error("taken for sent")
	}
}

func TestGatewayAddress(t *testing.T) {
	for address, good := range map[string]bool{
		"https://sms.example.cn/send": true,
		"http://127.0.0.1:9000/":      true,
		"http://[::1]:9000/":          true,
		"http://localhost:9000":       true,
		"http://sms.example.cn/send":  false,
		"ftp://127.0.0.1/":            false,
		"sms.example.cn":              false,
		"":                            false,
		"https://":                    false,
	} {
		if _, err := NewGateway(address, "t"); (err == nil) != good {
			t.Errorf("%q: %v", address, err)
		}
	}
}

func TestConsolePrintsOnceAndKeepsTheLatest(t *testing.T) {
	var out bytes.Buffer
	c := NewConsole(&out)
	for i := range kept + 5 {
		m := Message{Phone: "1", Text: "x", Key: fmt.Sprint(i)}
		for range 2 {
			if err := c.Send(t.Context(), m); err != nil {
				t.Fatal(err)
			}
		}
	}
	if n := strings.Count(out.String(), "\n"); n != kept+5 {
		t.Errorf("%d lines", n)
	}
	latest := c.Latest()
	if len(latest) != kept || latest[0].Key != fmt.Sprint(kept+4) {
		t.Errorf("%d kept, newest %v", len(latest), latest[0])
	}
}
