package ui

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"linli/internal/kit/fault"
	"linli/internal/kit/i18n"
)

// gallery serves the samples as the product serves pages.
func gallery() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /static/", Static())
	for path, s := range samples() {
		pattern := "GET " + path
		if path == "/" {
			pattern += "{$}"
		}
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			ctx := WithShell(r.Context(), s.shell)
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.Header().Set("Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'; form-action 'self'; base-uri 'none'; object-src 'none'")
			if err := s.page(ctx).Render(ctx, w); err != nil {
				panic(err)
			}
		})
	}
	return Preferences(mux)
}

func page(t *testing.T, path, cookies string) string {
	t.Helper()
	answer := get(t, gallery(), path, map[string]string{"Cookie": cookies, "Accept": "text/html"})
	if answer.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d", path, answer.StatusCode)
	}
	return string(body(t, answer))
}

func TestEveryPageKeepsTheRules(t *testing.T) {
	inline := regexp.MustCompile(`<style|\sstyle=|\son[a-z]+=|javascript:|<script(?:[^>]*)>[^<]`)
	for path := range samples() {
		for _, cookies := range []string{"", "lang=en; size=large; theme=dark"} {
			html := page(t, path, cookies)
			if found := inline.FindString(html); found != "" {
				t.Errorf("%s %q: the security policy forbids %q", path, cookies, found)
			}
			if n := strings.Count(html, "<h1"); n != 1 {
				t.Errorf("%s %q: %d h1", path, cookies, n)
			}
			if !strings.Contains(html, `href="tel:031155500126"`) {
				t.Errorf("%s %q: no phone", path, cookies)
			}
			for _, bad := range []string{"%!", "NOVERB", "MISSING", "<nil>"} {
				if strings.Contains(html, bad) {
					t.Errorf("%s %q: %s", path, cookies, bad)
				}
			}
		}
	}
}

func TestPreferencesShowInThePage(t *testing.T) {
	plain, large := page(t, "/", ""), page(t, "/", "lang=en; size=large; theme=dark")
	for _, want := range []string{`<html lang="zh-CN">`, "大字", `href="/?size=large"`, `aria-label="EN, switch to English"`, `href="/?theme=dark"`} {
		if !strings.Contains(plain, want) {
			t.Errorf("standard: no %s", want)
		}
	}
	for _, want := range []string{`<html data-size="large" data-theme="dark" lang="en">`, `href="/?size=standard" aria-label="Normal text">Normal</a>`, "中文，换成中文", `href="/?theme=auto"`} {
		if !strings.Contains(large, want) {
			t.Errorf("large, dark, English: no %s", want)
		}
	}
}

func TestWrongFormKeepsWhatWasTyped(t *testing.T) {
	html := page(t, "/request", "")
	for _, want := range []string{
		`href="#f-tel">手机号是 11 位，现在只有 10 位。</a>`,
		`href="#f-who">请选给谁。</a>`,
		`同一户已经点过这一单。`,
		`有 3 处没填对：`,
		`aria-describedby="f-tel-hint f-tel-err" aria-invalid="true"`,
		`value="138 0000 012"`,
		`&lt;b&gt;𠮷&lt;/b&gt;`,
		`name="kind" value="hair" checked`,
		`name="good" value="b" checked`,
		`<option value="1">`,
		`value="1" checked id="f-stairs"`,
	} {
		if !strings.Contains(html, want) {
			t.Errorf("no %s", want)
		}
	}
	if strings.Contains(html, `name="good" value="c" checked`) {
		t.Error("a choice that was not made is made")
	}
}

func TestFormDefaults(t *testing.T) {
	var f Form
	d := Field{Name: "x", Value: "a", Values: []string{"b"}}
	if !f.chosen(d, "a") || !f.chosen(d, "b") || f.chosen(d, "c") || f.value(d) != "a" || f.Failed() {
		t.Error("an empty form does not show what its fields hold")
	}
	sent := FormOf(map[string][]string{}, fault.Invalid("x", "请填。"))
	if sent.chosen(d, "a") || !sent.Failed() {
		t.Error("a sent form shows a choice that was taken back")
	}
	if password := sent.inputMarks(Field{Name: "p", Type: "password", Value: "secret"}); password["value"] != nil {
		t.Error("a password went out again")
	}
}

func TestNoteIsEscaped(t *testing.T) {
	var b strings.Builder
	if err := noteOnce("派出去了，<b>。").Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), `role="status"`) || !strings.Contains(b.String(), "派出去了，&lt;b&gt;。") {
		t.Error(b.String())
	}
}

func TestErrorPageByKind(t *testing.T) {
	for kind, err := range map[string]error{
		"没找到这一页":  fault.NotFound("没有这一单。"),
		"这一页您看不了": fault.Forbidden("这一单是别人的。"),
		"情况刚刚变了":  fault.Conflict("这一单有人接了。"),
		"现在人多":    fault.Busy("请等 1 分钟。"),
		"有一处没填对":  fault.Invalid("x", "请填。"),
		"出了点问题":   fmt.Errorf("disk full"),
	} {
		var b strings.Builder
		if err := ErrorPage(err, "r1").Render(t.Context(), &b); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(b.String(), kind) || strings.Contains(b.String(), "disk full") || !strings.Contains(b.String(), "r1") {
			t.Errorf("%v: want %s", err, kind)
		}
	}
}

func TestSay(t *testing.T) {
	english := WithPrefs(t.Context(), Prefs{Lang: i18n.En})
	if got := Say(english, fault.Invalid("x", "%s：%s", "登录", "𠮷")); got != "Sign in: 𠮷" {
		t.Errorf("arguments that are messages: %q", got)
	}
	if got := Say(english, context.Canceled); !strings.HasPrefix(got, "Something went wrong") {
		t.Errorf("an error that is no fault: %q", got)
	}
}

func TestCurrentMenuItem(t *testing.T) {
	items := []NavItem{{Href: "/"}, {Href: "/orders"}, {Href: "/orders/new"}, {Href: "tel:1"}}
	for self, want := range map[string]int{
		"/": 0, "/?size=large": 0, "/orders": 1, "/orders?x=1": 1, "/orders/17": 1, "/orders/new": 2, "/orders/new/2": 2, "/ordersx": -1, "/places": -1,
	} {
		if got := current(items, self); got != want {
			t.Errorf("%s: %d, want %d", self, got, want)
		}
	}
}

func TestStates(t *testing.T) {
	for process, want := range map[string]State{
		"requested": New, "verified": New, "returned": New, "dispatched": Sent, "accepted": Taken, "serving": Doing,
		"finished": Rate, "evaluated": Done, "cancelled": Off, "unknown": Off,
	} {
		if got := StateOf(process); got != want {
			t.Errorf("%s: %s, want %s", process, got, want)
		}
	}
	if Done.Lamps() != 5 || Off.Lamps() != 0 || Taken.Word(t.Context(), Volunteer) != "您接的" {
		t.Error("the table of states is wrong")
	}
}

func TestUnits(t *testing.T) {
	for _, tt := range []struct {
		need, have int
		want       string
	}{{3, 1, "[ x x]"}, {1, 3, "[ o o]"}, {2, 2, "[ ]"}, {0, 0, "[]"}} {
		if got := fmt.Sprint(units(tt.need, tt.have)); got != tt.want {
			t.Errorf("need %d, have %d: %s, want %s", tt.need, tt.have, got, tt.want)
		}
	}
	if got := len(units(3966, 12)); got != maxUnits {
		t.Errorf("%d windows", got)
	}
}

func TestWindowsLightUpAndStayLit(t *testing.T) {
	if got := strings.Count(windowPath(0, Windows), "M"); got != Windows {
		t.Errorf("%d windows, want %d", got, Windows)
	}
	for _, lit := range []int{-1, 0, 1, 86, Windows, 1000} {
		on, off := windowPath(0, lit), windowPath(lit, Windows)
		if want := min(max(lit, 0), Windows); strings.Count(on, "M") != want || strings.Count(off, "M") != Windows-want {
			t.Errorf("%d lit: %d on, %d off", lit, strings.Count(on, "M"), strings.Count(off, "M"))
		}
	}
	more := windowPath(0, 87)
	for _, window := range strings.SplitAfter(windowPath(0, 86), "z") {
		if !strings.Contains(more, window) {
			t.Errorf("%s went out", window)
		}
	}
}
