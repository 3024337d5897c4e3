package e2e

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

// TestWhyIsSaidInTheReadersLanguage: under 谁看过我的信息 the house's own reasons are
// translated; what somebody wrote stays as it was written.
func TestWhyIsSaidInTheReadersLanguage(t *testing.T) {
	p := remember(t)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.url+"/me/disclosures", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.AddCookie(&http.Cookie{Name: "lang", Value: "en"})
	page := string(ok(io.ReadAll(p.answer(r, "孟桂兰").Body))(t))
	for _, want := range []string{"to see to this order", "help at home", "约上门的时间"} {
		if !strings.Contains(page, want) {
			t.Errorf("%s is not said", want)
		}
	}
	if strings.Contains(page, "办这一单") {
		t.Error("a reason stands in Chinese")
	}
}
