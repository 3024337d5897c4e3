package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"linli/client"
	"linli/e2e/town"
	"linli/internal/core/auth"
	"linli/internal/core/calendar"
	"linli/internal/feature/record"
	"linli/internal/kit/clock"
	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
)

// journey is a served town some weeks after 韩立新 served, and files of a verifier.
type journey struct {
	*town.Town
	t        *testing.T
	clock    *clock.Manual
	url, dir string
}

// TestACertificateFromTheVolunteerToTheVerifier: the volunteer asks and gets paper
// and credential, a stranger checks both, the station revokes it, and the stranger
// learns it.
func TestACertificateFromTheVolunteerToTheVerifier(t *testing.T) {
	monday := time.Date(2026, 11, 2, 9, 0, 0, 0, calendar.Zone())
	c := clock.NewManual(monday)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c.Set(monday)
		w := town.Settle(t, d)
		j := &journey{Town: w, t: t, clock: c, url: w.Serve(), dir: t.TempDir()}
		j.serve("韩立新")
		c.Add(21 * 24 * time.Hour)
		ctx := t.Context()
		volunteer, station, stranger := j.as("韩立新"), j.as("周敏"), client.New(j.url)

		cert, err := volunteer.AskCertificate(ctx, client.Period{Name: "this_year"})
		if err != nil || cert.State != "issued" || cert.Minutes != 90 || !cert.Platform {
			t.Fatalf("%+v %v", cert, err)
		}
		pdf := j.fetch("韩立新", "/certificates/"+cert.ID+"/pdf")
		if !bytes.HasPrefix(pdf, []byte("%PDF-")) || len(pdf) > 300_000 || !bytes.Contains(pdf, []byte("/ToUnicode")) {
			t.Errorf("a PDF of %d bytes", len(pdf))
		}
		file := j.keep("certificate.json", j.fetch("韩立新", "/certificates/"+cert.ID+"/credential"))
		issuer := j.keep("did.json", j.fetch("", "/.well-known/did.json"))
		list := j.keep("list.json", j.fetch("", "/credentials/status/130104-1"))

		j.verifies(verifyCommand{File: file, Issuer: issuer, Status: list}, "✓", "没有撤销")
		j.verifies(verifyCommand{File: file, Issuer: issuer}, "✓", "https://linli.example/credentials/status/130104-1")
		j.fails(verifyCommand{File: file, Status: list}, "https://linli.example/.well-known/did.json")
		changed := j.keep("changed.json", bytes.Replace(j.fetch("韩立新", "/certificates/"+cert.ID+"/credential"), []byte(`"value":"90"`), []byte(`"value":"900"`), 1))
		j.fails(verifyCommand{File: changed, Issuer: issuer, Status: list}, "内容被改过")

		if s, err := stranger.CheckCertificate(ctx, cert.Code); err != nil || !s.Stands || s.Number != cert.Number || s.Minutes != 90 {
			t.Errorf("%+v %v", s, err)
		}
		if page := j.fetch("", strings.TrimPrefix(cert.CheckURL, town.Origin)); bytes.Contains(page, []byte("韩立新")) || !bytes.Contains(page, []byte(cert.Number)) {
			t.Error("the public page names the volunteer, or not the number")
		}

		if _, err := station.CertificateStep(ctx, cert.ID, "revocation", "有一条记录撤回了"); err != nil {
			t.Fatal(err)
		}
		newer := j.keep("newer.json", j.fetch("", "/credentials/status/130104-1"))
		j.fails(verifyCommand{File: file, Issuer: issuer, Status: newer}, "已经被撤销了")
		if s, err := stranger.CheckCertificate(ctx, cert.Code); err != nil || s.Stands || s.State != "revoked" {
			t.Errorf("%+v %v", s, err)
		}
		if mine, err := volunteer.Certificates(ctx); err != nil || len(mine) != 1 || mine[0].Reason == "" {
			t.Errorf("%+v %v", mine, err)
		}
		j.everybody(station)
	}, dbtest.Clock(c), dbtest.With(town.Sound))
}

// everybody issues for the whole community, with progress.
func (j *journey) everybody(station *client.Client) {
	j.t.Helper()
	j.serve("林小雨")
	j.clock.Add(14 * 24 * time.Hour)
	ctx := j.t.Context()
	b, err := station.IssueCertificates(ctx, town.Community, client.Period{From: "2026-01-01", To: "2026-12-01"})
	if err != nil || b.State != "running" || b.Total == 0 {
		j.t.Fatalf("%+v %v", b, err)
	}
	if err := j.App.CatchUp(ctx); err != nil {
		j.t.Fatal(err)
	}
	if b, err = station.CertificateBatch(ctx, b.ID); err != nil || b.State != "done" || b.Seen != b.Total || b.Made != 2 {
		j.t.Errorf("%+v %v", b, err)
	}
	book, err := station.CertificateRegister(ctx, town.Community, "")
	if err != nil || len(book.Items) != 3 {
		j.t.Errorf("%d in the register, %v", len(book.Items), err)
	}
}

func (j *journey) as(name string) *client.Client {
	j.t.Helper()
	return j.Client(j.url, name)
}

// serve enters a service of an hour and a half, an hour ago.
func (j *journey) serve(name string) {
	j.t.Helper()
	end := j.clock.Now().Add(-time.Hour)
	j.Write(func(tx *db.Tx) error {
		_, err := record.Enter(tx, record.Record{
			District: 130104, Source: "e2e:" + name, Kind: record.FromOrder, PlacePath: "/", Volunteer: j.Person(name).ID, Community: town.Community,
			Number: "261102-001", Name: "理发", Category: "haircut", Place: town.Community, StartedAt: end.Add(-90 * time.Minute), EndedAt: end,
			Minutes: 90, Grade: "A", Organiser: town.Community, Satisfaction: "satisfied",
		})
		return err
	})
}

// fetch gets a page or file as somebody, or nobody.
func (j *journey) fetch(name, path string) []byte {
	j.t.Helper()
	r, err := http.NewRequestWithContext(j.t.Context(), http.MethodGet, j.url+path, nil)
	if err != nil {
		j.t.Fatal(err)
	}
	if name != "" {
		r.AddCookie(&http.Cookie{Name: "session", Value: j.Token(auth.Web, name)})
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		j.t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		j.t.Fatalf("%s: %d %v", path, answer.StatusCode, err)
	}
	return text
}

func (j *journey) keep(name string, text []byte) string {
	j.t.Helper()
	path := filepath.Join(j.dir, name)
	if err := os.WriteFile(path, text, 0o600); err != nil {
		j.t.Fatal(err)
	}
	return path
}

func (j *journey) verifies(c verifyCommand, words ...string) {
	j.t.Helper()
	c.At = j.clock.Now().Format(time.RFC3339)
	said, err := verify(c)
	if err != nil {
		j.t.Errorf("%+v: %v\n%s", c, err, said)
	}
	for _, w := range words {
		if !strings.Contains(said, w) {
			j.t.Errorf("%+v: no %q in\n%s", c, w, said)
		}
	}
}

func (j *journey) fails(c verifyCommand, words string) {
	j.t.Helper()
	c.At = j.clock.Now().Format(time.RFC3339)
	if said, err := verify(c); !errors.Is(err, errNotValid) || !strings.Contains(said, words) {
		j.t.Errorf("%+v: %v, no %q in\n%s", c, err, words, said)
	}
}

func verify(c verifyCommand) (string, error) {
	var out bytes.Buffer
	err := c.run(context.Background(), &out)
	return out.String(), err
}

// TestVerifyVectors runs the command over the vectors of the specification, in both
// languages.
func TestVerifyVectors(t *testing.T) {
	dir := filepath.Join("..", "..", "internal", "core", "credential", "testdata")
	issuer, at := filepath.Join(dir, "issuer.vc.example.json"), "2026-11-22T08:00:00Z"
	for _, name := range []string{"signed.json", "signed-2023.json"} {
		file := filepath.Join(dir, "eddsa", name)
		if said, err := verify(verifyCommand{File: file, Issuer: issuer, At: at, Lang: "en"}); err != nil || !strings.Contains(said, "This certificate holds") {
			t.Errorf("%s: %v\n%s", name, err, said)
		}
		if said, err := verify(verifyCommand{File: file, At: at, Lang: "zh"}); !errors.Is(err, errNotValid) || !strings.Contains(said, "还要签发人") {
			t.Errorf("%s without its issuer: %v\n%s", name, err, said)
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		changed := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(changed, bytes.Replace(text, []byte("School of Examples"), []byte("School of Lies"), 1), 0o600); err != nil {
			t.Fatal(err)
		}
		if said, err := verify(verifyCommand{File: changed, Issuer: issuer, At: at, Lang: "en"}); !errors.Is(err, errNotValid) || !strings.Contains(said, "was changed after it was signed") {
			t.Errorf("%s changed: %v\n%s", name, err, said)
		}
	}
	if said, err := verify(verifyCommand{File: issuer, Issuer: filepath.Join(dir, "README.md"), At: at}); !errors.Is(err, errNotValid) || !strings.Contains(said, "[--issuer]") {
		t.Errorf("a file that is no document: %v\n%s", err, said)
	}
	if err := run(t.Context(), []string{"verify", "--issuer", issuer, filepath.Join(dir, "eddsa", "signed.json")}); err != nil {
		t.Error(err)
	}
}
