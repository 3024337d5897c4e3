package browser

import (
	_ "embed"
	"fmt"
	"strings"

	"github.com/chromedp/chromedp"
)

//go:embed axe.min.js
var axeScript string

// violation is one rule that the page breaks, and where.
type violation struct {
	ID     string `json:"id"`
	Impact string `json:"impact"`
	Help   string `json:"help"`
	Nodes  []struct {
		HTML    string `json:"html"`
		Summary string `json:"failureSummary"`
	} `json:"nodes"`
}

func (v violation) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s): %s", v.ID, v.Impact, v.Help)
	for _, n := range v.Nodes {
		fmt.Fprintf(&b, "\n    %s\n      %s", n.HTML, strings.ReplaceAll(n.Summary, "\n", "\n      "))
	}
	return b.String()
}

// rules are WCAG 2.0 to 2.2, A and AA, and axe's best practice.
const axeRun = `axe.run(document, {
	resultTypes: ['violations'],
	runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
}).then(r => r.violations)`

// violations is what axe finds on the page as it stands. Axe needs script even
// where the page had none; the page's own does not run any more by then.
func (p *Page) violations() []violation {
	p.t.Helper()
	p.do(withoutScript(false), chromedp.Evaluate[chromedp.Void](axeScript))
	found := Eval[[]violation](p, axeRun)
	p.do(withoutScript(p.noScript))
	return found
}

// Check fails the test for everything that axe finds.
func (p *Page) Check() {
	p.t.Helper()
	for _, v := range p.violations() {
		p.t.Errorf("axe on %s: %v", p.URL(), v)
	}
}
