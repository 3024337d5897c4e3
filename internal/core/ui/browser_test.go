package ui

import (
	"fmt"
	"maps"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"linli/e2e/browser"
)

// looks are the ways in which every page must be free of faults: phone and
// desk, light and dark, standard and 长辈版; the language goes along. One more
// without script, and one on a device that is dark by itself.
func looks() map[string]browser.View {
	all := map[string]browser.View{}
	for i := range 8 {
		v, name := browser.Phone(), "phone"
		if i&1 != 0 {
			v, name = browser.Desk(), "desk"
		}
		v.Cookies = map[string]string{"size": "standard", "lang": "zh", "theme": "light"}
		for bit, choice := range map[int][2]string{2: {"theme", "dark"}, 4: {"size", "large"}} {
			if i&bit != 0 {
				v.Cookies[choice[0]] = choice[1]
			}
		}
		if i == 0 || i == 3 || i == 5 || i == 6 {
			v.Cookies["lang"] = "en"
		}
		all[fmt.Sprintf("%s.%s.%s.%s", name, v.Cookies["theme"], v.Cookies["size"], v.Cookies["lang"])] = v
	}
	all["phone.noscript"] = browser.View{Width: 390, Height: 844, NoScript: true}
	all["desk.darkdevice"] = browser.View{Width: 1920, Height: 1080, Dark: true}
	return all
}

func paths() []string { return slices.Sorted(maps.Keys(samples())) }

// TestGalleryInBrowser shows every component in every look to axe, and keeps
// pictures: go test -run Gallery -artifacts -outputdir DIR.
func TestGalleryInBrowser(t *testing.T) {
	server := httptest.NewServer(gallery())
	t.Cleanup(server.Close)
	chromium := browser.Start(t)
	for name, look := range looks() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := chromium.Open(t, server.URL, look)
			for _, path := range paths() {
				p.Goto(server.URL + path)
				p.Check()
				p.FitsWidth()
				p.Screenshot(strings.Trim(path, "/") + "." + name)
			}
		})
	}
}

func TestNarrowest(t *testing.T) {
	server := httptest.NewServer(gallery())
	defer server.Close()
	chromium := browser.Start(t)
	for _, size := range []string{"standard", "large"} {
		for _, lang := range []string{"zh", "en"} {
			p := chromium.Open(t, server.URL, browser.View{Width: 320, Height: 640, Cookies: map[string]string{"size": size, "lang": lang}})
			for _, path := range paths() {
				p.Goto(server.URL + path)
				p.FitsWidth()
			}
		}
	}
}
