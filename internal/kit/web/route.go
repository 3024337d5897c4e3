package web

import (
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"
)

// SignedIn is the permission of a route that is open to whoever is signed in.
const SignedIn = "signed_in"

// Bounds of a request when its route says nothing else.
const (
	bodyMost  = 64 << 10         // bytes of a body
	bodyTime  = 15 * time.Second // for a body to arrive
	spillMost = 32 << 20         // bytes read on after a refusal
	callTime  = 30 * time.Second // for the service call and its rendering
)

// Route is one thing that can be asked, as a page, as JSON, or as both.
type Route struct {
	Name       string // "order.accept": the operation's name in logs, metrics and OpenAPI; unique
	Method     string // GET, POST, PUT, PATCH or DELETE
	Page       string // path of the page, "/orders/{id}/acceptance"; empty for none
	API        string // path of the JSON, "/api/v1/orders/{id}/acceptance"; empty for none
	Permission string // asked of the Gate before anything is read; SignedIn for everybody with an account
	Public     bool   // nobody needs to be signed in; then Permission stays empty
	Summary    string // one Chinese sentence for the API documentation; a message id
	Tag        string // heading in the API documentation; a message id
	Status     int    // of a JSON answer that went well; default 200, or 204 without a body

	MaxBody  int64         // bytes; default 64 KB. Uploads need more
	BodyTime time.Duration // for the body to arrive; default 15 s. Uploads need more
	Timeout  time.Duration // for call and rendering; default 30 s. A stream has none
	Limit    Limit         // per client address, on top of the general limits (sign-in, one-time codes)

	Handle Endpoint
}

// Endpoint is a service call with its renderers; Action makes one.
type Endpoint interface {
	input() *shape
	output() reflect.Type
	hasPage() bool
	answerJSON(r *Request) (any, error)
	answerPage(r *Request) (Answer, error)
}

// check finds what is wrong with a declaration; the server does not start on it.
func (rt *Route) check() error {
	var errs []error
	bad := func(format string, args ...any) {
		errs = append(errs, fmt.Errorf("web: route %q: %s", rt.Name, fmt.Sprintf(format, args...)))
	}
	methods := []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}
	switch {
	case rt.Name == "" || rt.Handle == nil:
		bad("needs a name and a Handle")
		return errors.Join(errs...)
	case !slices.Contains(methods, rt.Method):
		bad("method %q", rt.Method)
	case rt.Page == "" && rt.API == "":
		bad("has neither a page nor an API path")
	}
	if rt.Public == (rt.Permission != "") {
		bad("is either public or has a permission")
	}
	if rt.API != "" && !strings.HasPrefix(rt.API, "/api/") {
		bad("API path %q is not under /api/", rt.API)
	}
	if (rt.Page != "") != rt.Handle.hasPage() {
		bad("a page path and a page renderer go together")
	}
	for _, path := range rt.paths() {
		if err := sameNames(wildcards(path), rt.Handle.input().wildcards()); err != nil {
			bad("path %s: %v", path, err)
		}
	}
	return errors.Join(errs...)
}

func (rt *Route) paths() []string {
	return slices.DeleteFunc([]string{rt.Page, rt.API}, func(p string) bool { return p == "" })
}

// status of a JSON answer that went well.
func (rt *Route) status() int {
	switch {
	case rt.Status != 0:
		return rt.Status
	case rt.Handle.output() == reflect.TypeFor[None]():
		return http.StatusNoContent
	}
	return http.StatusOK
}

// hasBody says where the input of the route comes from: a body or the query.
func (rt *Route) hasBody() bool {
	return rt.Method == http.MethodPost || rt.Method == http.MethodPut || rt.Method == http.MethodPatch
}

var wildcard = regexp.MustCompile(`\{([a-zA-Z_]\w*)(?:\.\.\.)?\}`)

// wildcards are the names in the braces of a path.
func wildcards(path string) []string {
	var names []string
	for _, m := range wildcard.FindAllStringSubmatch(path, -1) {
		names = append(names, m[1])
	}
	return names
}

func sameNames(path, input []string) error {
	for _, name := range input {
		if !slices.Contains(path, name) {
			return fmt.Errorf("input wants {%s}, which the path has not", name)
		}
	}
	for _, name := range path {
		if !slices.Contains(input, name) {
			return fmt.Errorf("no input field has the tag `path:%q`", name)
		}
	}
	return nil
}
