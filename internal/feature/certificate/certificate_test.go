package certificate

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/credential"
	"linli/internal/core/rule"
	"linli/internal/feature/record"
	"linli/internal/kit/clock"
	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
	"linli/internal/kit/fault"
)

func refused(t *testing.T, what string, err error, kind fault.Kind, words string) {
	t.Helper()
	if err == nil || fault.KindOf(err) != kind || !strings.Contains(err.Error(), words) {
		t.Errorf("%s: %v, want %s %q", what, err, kind, words)
	}
}

// TestAVolunteerGetsItAtOnce: asked for, issued and announced in one moment, with
// all that has to stand on it, and verifiable.
func TestAVolunteerGetsItAtOnce(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		c := w.ask(w.sun)
		if c.State != Issued || c.Number != "LL-130104016001-20261123-0001" || c.Minutes != 390 || c.Paper.Times != 4 {
			t.Fatalf("%+v", c)
		}
		p := c.Paper
		if p.Name != "孙淑琴" || p.DocumentNo == "" || strings.Contains(p.DocumentNo, "19560926") || len(p.VolunteerNo) != 16 || p.Unit != "东风路南社区服务站" ||
			p.Phone == "" || !p.AllSatisfied || !p.Platform() {
			t.Errorf("%+v", p)
		}
		if got := p.deed(c); !strings.HasPrefix(got, "于 2026 年 1 月 1 日至 11 月 23 日，在东风路南社区参加志愿服务 4 次，共 6 小时 30 分钟。其中理发 3 次") {
			t.Error(got)
		}
		if !c.Announced(w.clock.Now().AddDate(0, 0, 7)) || c.Announced(w.clock.Now().AddDate(0, 0, 8)) {
			t.Errorf("announced until %v", c.NoticeUntil)
		}
		r, err := w.verify(c)
		if err != nil || !r.Badge || r.Revoked != credential.NotRevoked || r.Issuer != "did:web:linli.example" {
			t.Errorf("%+v %v", r, err)
		}
		again := w.ask(w.sun)
		if again.ID != c.ID {
			t.Error("asked twice, issued twice")
		}
		other := w.ask(w.li)
		if other.Number != "LL-130104016001-20261123-0002" || other.Paper.AllSatisfied {
			t.Errorf("%+v", other)
		}
	})
}

// TestOnlyWhatCountsIsCertified: rows in notice, held or taken back are left out.
func TestOnlyWhatCountsIsCertified(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		w.serve(w.sun, "new", "haircut", 20*24*60, 60, "")
		if c := w.ask(w.sun); c.Minutes != 390 {
			t.Errorf("%d minutes with one that is in notice", c.Minutes)
		}
		w.clock.Set(started.AddDate(0, 0, 30))
		if c := w.ask(w.sun); c.Minutes != 450 {
			t.Errorf("%d minutes after the notice", c.Minutes)
		}
		for what, q := range map[string]struct {
			Request
			words string
		}{
			"before all":    {Request{From: day(2025, 1, 1), To: day(2025, 12, 31)}, "没有算数的服务时间"},
			"no days":       {Request{}, "从哪天到哪天"},
			"turned around": {Request{From: day(2026, 5, 1), To: day(2026, 4, 1)}, "第一天之后"},
			"tomorrow":      {Request{From: day(2026, 1, 1), To: day(2027, 1, 1)}, "晚于今天"},
		} {
			_, err := w.s.Ask(context.Background(), w.sun, q.Request)
			refused(t, what, err, fault.KindInvalid, q.words)
		}
		_, err := w.s.Ask(context.Background(), w.he, w.thisYear())
		refused(t, "no volunteer", err, fault.KindInvalid, "登记成志愿者")
	})
}

func day(y, m, d int) calendar.Day { return calendar.Day{Year: y, Month: time.Month(m), Day: d} }

// TestTheStationIssues: 申请, 受理, 开具 by two people where the place wants it so.
func TestTheStationIssues(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		ctx := context.Background()
		w.rule(rule.CertificateSelf, 0)
		w.rule(rule.CertificateTwo, 1)
		w.clock.Add(time.Minute)
		c := w.ask(w.sun)
		if c.State != Applied || c.Number != "" || c.Credential != "" {
			t.Fatalf("%+v", c)
		}
		if again := w.ask(w.sun); again.ID != c.ID {
			t.Error("asked twice, two requests")
		}
		_, err := w.s.Issue(ctx, w.worker, c.ID)
		refused(t, "issued before it was accepted", err, fault.KindConflict, "等受理")
		_, err = w.s.Accept(ctx, w.sun, c.ID)
		refused(t, "accepted by the volunteer", err, fault.KindForbidden, "")
		_, err = w.s.Accept(ctx, w.foreign, c.ID)
		refused(t, "accepted next door", err, fault.KindNotFound, "")
		if _, err := w.s.Accept(ctx, w.worker, c.ID); err != nil {
			t.Fatal(err)
		}
		_, err = w.s.Issue(ctx, w.worker, c.ID)
		refused(t, "issued by the one who accepted", err, fault.KindConflict, "换一个人")
		c, err = w.s.Issue(ctx, w.second, c.ID)
		if err != nil || c.State != Issued || c.Paper.Handler != "周敏" || c.Paper.Head != "郑强" {
			t.Fatalf("%+v %v", c, err)
		}
		if _, err := w.verify(c); err != nil {
			t.Error(err)
		}
		_, err = w.s.Revoke(ctx, w.worker, c.ID, " ")
		refused(t, "revoked without a reason", err, fault.KindInvalid, "原因")
		if _, err = w.s.Revoke(ctx, w.worker, c.ID, "姓名写错了"); err != nil {
			t.Error(err)
		}
		_, err = w.s.StartBatch(ctx, w.worker, community, w.thisYear())
		refused(t, "many at once by one", err, fault.KindConflict, "两个人")
	})
}

// TestRequestsEnd: refused with a reason, or not wanted any more.
func TestRequestsEnd(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		ctx := context.Background()
		w.rule(rule.CertificateSelf, 0)
		w.clock.Add(time.Minute)
		c := w.ask(w.sun)
		if c, err := w.s.Refuse(ctx, w.worker, c.ID, "时间还在核对"); err != nil || c.State != Refused || c.Reason != "时间还在核对" {
			t.Errorf("%+v %v", c, err)
		}
		c = w.ask(w.sun)
		if c, err := w.s.Withdraw(ctx, w.sun, c.ID); err != nil || c.State != Withdrawn {
			t.Errorf("%+v %v", c, err)
		}
		_, err := w.s.Check(ctx, c.Code)
		refused(t, "public page of a request", err, fault.KindNotFound, "核对码")
	})
}

// TestRevokedEverywhere: after it is revoked the public page says so and the
// credential fails, with the list that is published.
func TestRevokedEverywhere(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		ctx := context.Background()
		c, other := w.ask(w.sun), w.ask(w.li)
		_, err := w.s.Revoke(ctx, w.sun, c.ID, "")
		refused(t, "revoked by the volunteer", err, fault.KindForbidden, "")
		if c, err = w.s.Revoke(ctx, w.street, c.ID, "一条服务记录是错的"); err != nil {
			t.Fatal(err)
		}
		_, err = w.verify(c)
		refused(t, "the credential", err, fault.KindInvalid, "撤销了")
		if _, err := w.verify(other); err != nil {
			t.Error("another certificate:", err)
		}
		p, err := w.s.Check(ctx, strings.ToLower(c.Code))
		if err != nil || p.State != Revoked || p.Number != c.Number || p.Minutes != 390 {
			t.Errorf("%+v %v", p, err)
		}
		_, err = w.s.Revoke(ctx, w.worker, c.ID, "")
		refused(t, "revoked twice", err, fault.KindConflict, "已撤销")
		for _, code := range []string{"", "x", "130104AAAAAAAAAA", "999999AAAAAAAAAA", "13010'; --AAAAAA", c.Code + "A"} {
			_, err := w.s.Check(ctx, code)
			refused(t, code, err, fault.KindNotFound, "核对码")
		}
	})
}

// TestARowTakenBackIsFound: the certificate that stood on it is shown to the
// station, once, and the station decides.
func TestARowTakenBackIsFound(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		ctx := context.Background()
		c, other := w.ask(w.sun), w.ask(w.li)
		w.takeBack(w.sun)
		for range 2 {
			w.write(func(tx *db.Tx) error { return Recheck(tx, district) })
		}
		book, err := w.s.Register(ctx, w.worker, community, Cursor{}, 10)
		if err != nil || len(book.Waiting) != 1 || book.Waiting[0].ID != c.ID || book.Waiting[0].Doubt != "261102-b" || len(book.Items) != 2 {
			t.Fatalf("%+v %v", book.Waiting, err)
		}
		if p, _ := w.s.Check(ctx, other.Code); p.State != Issued {
			t.Errorf("%+v", p)
		}
		if fresh := w.ask(w.sun); fresh.ID == c.ID || fresh.Minutes != 270 {
			t.Errorf("a new one says %d minutes", fresh.Minutes)
		}
		if _, err := w.s.Keep(ctx, w.worker, c.ID); err != nil {
			t.Error(err)
		}
		_, err = w.s.Keep(ctx, w.worker, c.ID)
		refused(t, "kept twice", err, fault.KindConflict, "没有什么要核对")
		waiting := func() int {
			w.write(func(tx *db.Tx) error { return Recheck(tx, district) })
			book, err := w.s.Register(ctx, w.worker, community, Cursor{}, 10)
			if err != nil {
				t.Fatal(err)
			}
			return len(book.Waiting)
		}
		if n := waiting(); n != 0 {
			t.Errorf("%d in doubt for the row that somebody has looked at", n)
		}
		w.takeBack(w.sun)
		if n := waiting(); n != 2 {
			t.Errorf("%d in doubt after one more row, want both", n)
		}
	})
}

// takeBack withdraws the volunteer's newest row.
func (w *town) takeBack(who access.Who) {
	w.t.Helper()
	w.write(func(tx *db.Tx) error {
		rows, _, err := record.Counted(tx, district, who.Person, calendar.Day{}, calendar.DayOf(tx.Now()))
		if err != nil {
			return err
		}
		return record.WithdrawTx(tx, w.second, rows[len(rows)-1], "记错了人")
	})
}

// TestNumbersHaveNoGaps also when many ask at once.
func TestNumbersHaveNoGaps(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		type answer struct {
			c   Certificate
			err error
		}
		answers := make(chan answer)
		const n = 12
		for i := range n {
			q := w.thisYear()
			q.Remark = strings.Repeat("用", i+1)
			go func() {
				for {
					c, err := w.s.Ask(context.Background(), w.sun, q)
					if fault.KindOf(err) == fault.KindBusy && err != nil {
						continue
					}
					answers <- answer{c, err}
					return
				}
			}()
		}
		numbers := map[string]bool{}
		for range n {
			a := <-answers
			if a.err != nil {
				t.Fatal(a.err)
			}
			numbers[a.c.Number[len(a.c.Number)-4:]] = true
		}
		if len(numbers) != n || !numbers["0012"] {
			t.Errorf("numbers %v", numbers)
		}
	})
}

// TestKeysAreMadeOnceAndNeverReplacedInSilence: a lost or foreign key file stops the
// issuing, is said plainly, and what was issued stays valid.
func TestKeysAreMadeOnceAndNeverReplacedInSilence(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		ctx := context.Background()
		c := w.ask(w.sun)
		if info, err := os.Stat(w.keys); err != nil || info.Mode().Perm() != 0o600 {
			t.Fatalf("%v %v", info, err)
		}
		good, err := os.ReadFile(w.keys)
		if err != nil {
			t.Fatal(err)
		}
		for what, spoil := range map[string]func() error{
			"lost":       func() error { return os.Remove(w.keys) },
			"unreadable": func() error { return os.WriteFile(w.keys, []byte("{"), 0o600) },
			"open":       func() error { return os.Chmod(w.keys, 0o644) },
			"another": func() error {
				k, err := credential.NewKeyring(w.clock.Now())
				if err != nil {
					return err
				}
				return k.Save(w.keys)
			},
		} {
			if err := spoil(); err != nil {
				t.Fatal(err)
			}
			s := NewService(w.db, NewIssuer(w.db, origin, w.keys))
			_, err := s.Ask(ctx, w.li, w.thisYear())
			refused(t, what, err, fault.KindConflict, "钥匙出了问题")
			if doc, err := s.Issuer().Document(ctx); err != nil || len(doc["verificationMethod"].([]any)) != 1 {
				t.Errorf("%s: the issuer's document is gone: %v", what, err)
			}
			if err := os.Remove(w.keys); err != nil && !os.IsNotExist(err) {
				t.Fatal(err)
			}
			if err := os.WriteFile(w.keys, good, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := NewIssuer(w.db, origin, w.keys).Rotate(ctx, true); err == nil {
			t.Error("--lost with a good file")
		}
		if err := os.Remove(w.keys); err != nil {
			t.Fatal(err)
		}
		if _, err := NewIssuer(w.db, origin, w.keys).Rotate(ctx, true); err != nil {
			t.Fatal(err)
		}
		w.clock.Add(time.Second)
		if _, err := w.verify(c); err != nil {
			t.Error("before the loss:", err)
		}
		if _, err := w.verify(w.ask(w.li)); err != nil {
			t.Error("after the loss:", err)
		}
	})
}

// TestRotationKeepsOldCertificates, and needs no restart.
func TestRotationKeepsOldCertificates(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		ctx := context.Background()
		before := w.ask(w.sun)
		w.clock.Add(time.Hour)
		key, err := NewIssuer(w.db, origin, w.keys).Rotate(ctx, false)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(w.keys, w.clock.Now(), w.clock.Now()); err != nil { // clocks of files are coarse
			t.Fatal(err)
		}
		after := w.ask(w.li)
		if !strings.Contains(after.Credential, key.ID("did:web:linli.example")) {
			t.Error("the old key signs")
		}
		for _, c := range []Certificate{before, after} {
			if _, err := w.verify(c); err != nil {
				t.Error(err)
			}
		}
		if known, err := w.s.Issuer().Known(ctx); err != nil || len(known) != 2 || !known[0].Public.Equal(key.Public) {
			t.Errorf("%v %v", known, err)
		}
	})
}

// TestWithoutKeysNothingIsSigned: nothing is signed.
func TestWithoutKeysNothingIsSigned(t *testing.T) {
	c := clock.NewManual(started)
	w := settle(t, dbtest.New(t, db.SQLite, dbtest.Clock(c)), c)
	s := NewService(w.db, NewIssuer(w.db, origin, ""))
	_, err := s.Ask(context.Background(), w.sun, w.thisYear())
	refused(t, "no key file", err, fault.KindConflict, "钥匙出了问题")
}
