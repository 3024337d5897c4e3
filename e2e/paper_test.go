package e2e

import (
	"io"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"testing"
	"time"

	"linli/client"
	"linli/e2e/town"
)

var printed = regexp.MustCompile(`class="code n">(\d{6})<`)

// sheet prints a sheet of one-time codes for somebody, as the station's page does.
func (p *past) sheet(person string) (codes []string) {
	p.t.Helper()
	r, err := http.NewRequestWithContext(p.t.Context(), http.MethodPost, p.url+"/persons/"+person+"/codes", nil)
	if err != nil {
		p.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	page := ok(io.ReadAll(p.answer(r, "周敏").Body))(p.t)
	for _, m := range printed.FindAllStringSubmatch(string(page), -1) {
		codes = append(codes, m[1])
	}
	if len(codes) != 10 {
		p.t.Fatalf("%d codes on the sheet:\n%s", len(codes), page)
	}
	return codes
}

// TestPaperCodes: an elder without a telephone reads a code from her sheet. It opens
// one visit and no other, nobody else's sheet opens hers, a new sheet ends the old.
func TestPaperCodes(t *testing.T) {
	each(t, func(s *story) {
		ctx, p := t.Context(), &past{story: s}
		worker, helper := s.as("周敏"), s.as("林小雨")
		elder := path.Base(p.post("周敏", "/persons", url.Values{"name": {"冯奶奶"}, "place": {town.Building}, "door": {"2单元202"}}))
		codes, others := p.sheet(elder), p.sheet(s.Person("陈小梅").ID)
		visit := func(code string) (client.Visit, error) {
			id := p.request(worker, "想请人来家里理个发", elder)
			ok(helper.Accept(ctx, id))(t)
			v, err := helper.CheckIn(ctx, id, client.Presence{Code: code})
			if err != nil {
				ok(worker.Cancel(ctx, id, ""))(t)
				return v, err
			}
			s.clock.Add(time.Hour)
			_, again := helper.CheckOut(ctx, id, client.Presence{Code: code})
			s.refusedCode(again)
			ok(helper.Complete(ctx, id, ""))(t)
			return v, nil
		}
		if v := ok(visit(codes[0]))(t); v.Grade != "B" {
			t.Errorf("by a code on paper: %+v", v)
		}
		for what, code := range map[string]string{"used before": codes[0], "somebody else's": others[0]} {
			if _, err := visit(code); err == nil {
				t.Errorf("%s opens a visit", what)
			} else {
				s.refusedCode(err)
			}
		}
		fresh := p.sheet(elder)
		_, err := visit(codes[1])
		s.refusedCode(err)
		ok(visit(fresh[0]))(t)
	})
}

// refusedCode holds an answer against the one to a code that does not hold.
func (s *story) refusedCode(err error) {
	s.t.Helper()
	if e := s.refused(err, http.StatusUnprocessableEntity, "invalid"); len(e.Fields) != 1 || e.Fields[0].Field != "code" {
		s.t.Errorf("the field is not named: %+v", e)
	}
}
