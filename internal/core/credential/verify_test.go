package credential

import (
	"crypto/ed25519"
	"slices"
	"strings"
	"testing"
	"time"

	"linli/internal/kit/fault"
)

const (
	did  = "did:web:linli.example"
	list = "https://linli.example/credentials/status/130104-1"
)

func now() time.Time { return time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC) }

func keyOf(b byte) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed([]byte(strings.Repeat(string(rune(b)), ed25519.SeedSize)))
}

func signer() ed25519.PrivateKey   { return keyOf('a') }
func stranger() ed25519.PrivateKey { return keyOf('b') }

func methodOf(k ed25519.PrivateKey) string {
	return Key{Public: k.Public().(ed25519.PublicKey)}.ID(did)
}

// badge is a certificate as the product makes it.
func badge() Document {
	return Badge{
		ID: "https://linli.example/c/130104ABCDEFGHJK", Name: "志愿服务证明", Description: "2026 年志愿服务 51 小时",
		Issuer: Profile{did, "东风路南社区服务站", "https://linli.example", "0311-5550-0126"}, From: now().Add(-time.Hour),
		Recipient: []Identity{{"name", "孙淑琴"}}, Number: "LL-130104016901-20261122-0001", Narrative: "陪看病 11 次，理发 3 次",
		Start: now().AddDate(0, -10, 0), End: now().AddDate(0, 0, -1),
		Achievement: Achievement{
			ID: "https://linli.example/check", Name: "志愿服务", Description: "帮邻居的忙", Criteria: "按实际服务的时间记",
			Kind: "CommunityService", Results: []Measure{{"minutes", "服务时长（分钟）"}},
		},
		Results: map[string]string{"minutes": "3060"}, Status: Entry{list, 4711},
	}.Document()
}

func sign(t testing.TB, d Document) Document {
	t.Helper()
	out, err := Sign(d, signer(), methodOf(signer()), now())
	if err != nil {
		t.Fatal(err)
	}
	return reread(t, out)
}

// reread is a document as somebody else gets it.
func reread(t testing.TB, d Document) Document {
	t.Helper()
	text, err := d.Canonical()
	if err != nil {
		t.Fatal(err)
	}
	out, err := Read(text)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func trust() Trust {
	return Trust{Issuer: DIDDocument(did, []Key{{Public: signer().Public().(ed25519.PublicKey)}}), Now: now()}
}

// statusList is the signed list with some indexes revoked.
func statusList(t testing.TB, revoked ...int) Document {
	bits := NewBits()
	for _, i := range revoked {
		bits.Set(i)
	}
	d, err := StatusList(did, list, bits, now().Add(-time.Minute), now().Add(24*time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	return sign(t, d)
}

func says(t testing.TB, what string, err error, field, words string) {
	t.Helper()
	if err == nil {
		t.Errorf("%s: stands", what)
		return
	}
	for _, f := range fault.As(err).All() {
		if f.Field == field && strings.Contains(f.Error(), words) {
			return
		}
	}
	t.Errorf("%s: %v, want %q at %s", what, fault.As(err).All(), words, field)
}

func TestABadgeStands(t *testing.T) {
	r, err := VerifyDocument(sign(t, badge()), trust())
	if err != nil || !r.Badge || r.Issuer != did || r.Revoked != NoList {
		t.Errorf("%+v %v", r, err)
	}
	with := trust()
	with.Status = statusList(t, 4710, 4712)
	if r, err = VerifyDocument(sign(t, badge()), with); err != nil || r.Revoked != NotRevoked {
		t.Errorf("%+v %v", r, err)
	}
}

// TestEveryChangeIsFound changes, removes and adds each single value of a signed
// badge, wherever it stands.
func TestEveryChangeIsFound(t *testing.T) {
	signed := sign(t, badge())
	paths := leaves(nil, map[string]any(signed))
	if len(paths) < 50 {
		t.Fatalf("only %d places", len(paths))
	}
	for _, path := range paths {
		for _, how := range []string{"change", "remove"} {
			d := reread(t, signed)
			alter(map[string]any(d), path, how)
			if _, err := VerifyDocument(d, trust()); err == nil {
				t.Errorf("%s of %v stands", how, path)
			}
		}
	}
	for _, where := range []string{"", "credentialSubject", "issuer", "credentialStatus"} {
		d := reread(t, signed)
		o := d
		if where != "" {
			o, _ = d.object(where)
		}
		o["remark"] = "他很好"
		if _, err := VerifyDocument(d, trust()); err == nil {
			t.Errorf("an addition to %q stands", where)
		}
	}
}

// leaves lists the paths to all values that are neither object nor list.
func leaves(at []any, v any) (out [][]any) {
	switch v := v.(type) {
	case map[string]any:
		for name, child := range v {
			out = append(out, leaves(append(slices.Clone(at), name), child)...)
		}
	case []any:
		for i, child := range v {
			out = append(out, leaves(append(slices.Clone(at), i), child)...)
		}
	default:
		out = append(out, at)
	}
	return out
}

func alter(v any, path []any, how string) {
	switch o := v.(type) {
	case map[string]any:
		name := path[0].(string)
		if len(path) > 1 {
			alter(o[name], path[1:], how)
			return
		}
		if how == "remove" {
			delete(o, name)
			return
		}
		o[name] = altered(o[name])
	case []any:
		i := path[0].(int)
		if len(path) > 1 {
			alter(o[i], path[1:], how)
			return
		}
		o[i] = altered(o[i])
		if how == "remove" {
			o[i] = nil
		}
	}
}

func altered(v any) any {
	switch v := v.(type) {
	case string:
		return v + "1"
	case float64:
		return v + 1
	case bool:
		return !v
	}
	return "x"
}

// TestExamples is the table of what stands and what does not, and why.
func TestExamples(t *testing.T) {
	for _, c := range []struct {
		name         string
		before       func(Document) // before it is signed
		after        func(Document, Document)
		trust        func(*Trust)
		field, words string // of the finding; none: it stands
	}{
		{name: "as it should be"},
		{name: "issuer's clock is a little ahead", before: set("validFrom", "2026-11-22T08:03:00Z")},
		{name: "holds until next year", before: set("validUntil", "2027-01-01T00:00:00+08:00")},
		{name: "expired", before: set("validUntil", "2026-11-21T00:00:00Z"), field: "validUntil", words: "过期"},
		{name: "not yet valid", before: set("validFrom", "2026-12-01T00:00:00Z"), field: "validFrom", words: "还没到"},
		{name: "no time zone", before: set("validFrom", "2026-11-01T00:00:00"), field: "validFrom", words: "不是时间"},
		{name: "no such day", before: set("validUntil", "2027-02-30T00:00:00Z"), field: "validUntil", words: "不是时间"},
		{name: "revoked", trust: revoking(t, 4711), field: "credentialStatus", words: "撤销了"},
		{name: "another is revoked", trust: revoking(t, 4710)},
		{name: "wrong issuer", before: set("issuer", map[string]any{"id": "did:web:other.example", "type": []any{"Profile"}}), field: "issuer", words: "签发人不对"},
		{name: "document of another issuer", trust: func(t *Trust) { t.Issuer = t.Issuer.without(); t.Issuer["id"] = "did:web:other.example" }, field: "issuer", words: "签发人不对"},
		{name: "no document of the issuer", trust: func(t *Trust) { t.Issuer = nil }, field: "issuer", words: "https://linli.example/.well-known/did.json"},
		{name: "no issuer", before: set("issuer", nil), field: "issuer", words: "谁签发"},
		{name: "no proof", after: func(d, _ Document) { delete(d, "proof") }, field: "proof", words: "没有签名"},
		{name: "proof is a text", after: func(d, _ Document) { d["proof"] = "signed" }, field: "proof", words: "读不懂"},
		{name: "too many proofs", after: func(d, _ Document) { d["proof"] = slices.Repeat(d.list("proof"), 9) }, field: "proof", words: "太多"},
		{name: "one of two proofs is wrong", after: func(d, p Document) {
			d["proof"] = []any{map[string]any(p), map[string]any(p.without("created"))}
		}, field: "proof.proofValue", words: "对不上"},
		{name: "wrong purpose", after: setProof("proofPurpose", "authentication"), field: "proof.proofPurpose", words: "作别的用"},
		{name: "wrong cryptosuite", after: setProof("cryptosuite", "eddsa-rdfc-2022"), field: "proof.cryptosuite", words: "eddsa-rdfc-2022"},
		{name: "wrong type of proof", after: setProof("type", "Ed25519Signature2020"), field: "proof.type", words: "Ed25519Signature2020"},
		{name: "unknown key", after: setProof("verificationMethod", did+"#key-9"), field: "proof.verificationMethod", words: "不在签发人的文件里"},
		{name: "no key", after: setProof("verificationMethod", nil), field: "proof.verificationMethod", words: "哪把钥匙"},
		{name: "key of a stranger", after: setProof("verificationMethod", "did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2#z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"),
			field: "proof.verificationMethod", words: "不是签发人签的"},
		{name: "encoding is not base58-btc", after: func(_, p Document) { p["proofValue"] = "u" + p.text("proofValue")[1:] }, field: "proof.proofValue", words: "base58"},
		{name: "signature cut off", after: func(_, p Document) { p["proofValue"] = p.text("proofValue")[:40] }, field: "proof.proofValue", words: "64 个字节"},
		{name: "no signature", after: setProof("proofValue", nil), field: "proof.proofValue", words: "64 个字节"},
		{name: "made in another year", after: setProof("created", "2025-11-22T08:00:00Z"), field: "proof.proofValue", words: "对不上"},
		{name: "made in the future", after: setProof("created", "2026-11-23T08:00:00Z"), field: "proof.created", words: "还没到"},
		{name: "made at no time", after: setProof("created", "yesterday"), field: "proof.created", words: "写得不对"},
		{name: "proof has run out", after: setProof("expires", "2026-11-21T08:00:00Z"), field: "proof.expires", words: "到期"},
		{name: "context of the proof is another", after: setProof("@context", []any{"https://example.com/"}), field: "proof.@context", words: "对不上"},
		{name: "not of this version", before: set("@context", []any{"https://www.w3.org/2018/credentials/v1"}), field: "@context", words: "第 2 版"},
		{name: "no Open Badges context", before: set("@context", []any{vcContext}), field: "@context", words: "Open Badges"},
		{name: "no credential", before: set("type", []any{"OpenBadgeCredential"}), field: "type", words: "VerifiableCredential"},
		{name: "nothing is certified", before: set("credentialSubject", nil), field: "credentialSubject", words: "没有写证明什么"},
		{name: "an empty subject", before: set("credentialSubject", map[string]any{}), field: "credentialSubject", words: "没有写证明什么"},
		{name: "a badge without achievement", before: subject("achievement", nil), field: "credentialSubject.achievement", words: "成就"},
		{name: "a badge for nobody", before: subject("identifier", nil), field: "credentialSubject", words: "给谁"},
		{name: "a badge for two", before: func(d Document) { d["credentialSubject"] = []any{d["credentialSubject"], d["credentialSubject"]} }, field: "credentialSubject", words: "一个人"},
		{name: "subject is no AchievementSubject", before: subject("type", []any{"Person"}), field: "credentialSubject.type", words: "AchievementSubject"},
		{name: "issuer is no Profile", before: set("issuer", did), field: "issuer", words: "Profile"},
		{name: "id is no address", before: set("id", "the first"), field: "id", words: "不是一个地址"},
		{name: "status of another kind", before: set("credentialStatus", map[string]any{"type": "RevocationList2020Status"}), field: "credentialStatus.type", words: "不会查"},
	} {
		d := badge()
		if c.before != nil {
			c.before(d)
		}
		signed := sign(t, d)
		if c.after != nil {
			p, _ := signed.object("proof")
			c.after(signed, p)
		}
		with := trust()
		if c.trust != nil {
			c.trust(&with)
		}
		_, err := VerifyDocument(signed, with)
		if c.field == "" {
			if err != nil {
				t.Errorf("%s: %v", c.name, fault.As(err).All())
			}
			continue
		}
		says(t, c.name, err, c.field, c.words)
	}
}

func set(name string, v any) func(Document) {
	return func(d Document) {
		if d[name] = v; v == nil {
			delete(d, name)
		}
	}
}

func setProof(name string, v any) func(d, p Document) {
	return func(_, p Document) { set(name, v)(p) }
}

func subject(name string, v any) func(Document) {
	return func(d Document) {
		s, _ := d.object("credentialSubject")
		set(name, v)(s)
	}
}

func revoking(t *testing.T, index int) func(*Trust) {
	return func(with *Trust) { with.Status = statusList(t, index) }
}

// TestKeysOfTheIssuer: what the issuer's document says of a key decides.
func TestKeysOfTheIssuer(t *testing.T) {
	signed := sign(t, badge())
	method := func(with *Trust) Document {
		with.Issuer = reread(t, with.Issuer)
		m, _ := asObject(with.Issuer.list("verificationMethod")[0])
		return m
	}
	for _, c := range []struct {
		name, words string
		change      func(*Trust)
	}{
		{"belongs to somebody else", "归 did:web:other.example 管", func(w *Trust) { method(w)["controller"] = "did:web:other.example" }},
		{"may not certify", "没有让这把钥匙签证明", func(w *Trust) { method(w); w.Issuer["assertionMethod"] = []any{} }},
		{"was revoked", "作废", func(w *Trust) { method(w)["revoked"] = "2026-11-01T00:00:00Z" }},
		{"has expired", "作废", func(w *Trust) { method(w)["expires"] = "2026-11-01T00:00:00Z" }},
		{"is of another kind", "JsonWebKey", func(w *Trust) { method(w)["type"] = "JsonWebKey" }},
		{"is unreadable", "读不出来", func(w *Trust) { method(w)["publicKeyMultibase"] = "zDnaegE6RR3atJtHKwTRTWHsJ3kNHqFwv7n9YjTgmU7TyfU76" }},
	} {
		with := trust()
		c.change(&with)
		_, err := VerifyDocument(signed, with)
		says(t, c.name, err, "proof.verificationMethod", c.words)
	}
	other := trust()
	other.Issuer = DIDDocument(did, []Key{{Public: stranger().Public().(ed25519.PublicKey)}})
	_, err := VerifyDocument(signed, other)
	says(t, "another key of the issuer", err, "proof.verificationMethod", "不是签发人签的")
	for _, form := range []func(m Document, w *Trust){
		func(m Document, w *Trust) {
			w.Issuer["assertionMethod"] = []any{map[string]any(m)}
			delete(w.Issuer, "verificationMethod")
		},
		func(m Document, w *Trust) {
			m["id"] = "#" + PublicMultikey(signer().Public().(ed25519.PublicKey))
			w.Issuer["assertionMethod"] = []any{m["id"]}
		},
	} {
		with := trust()
		form(method(&with), &with)
		if _, err := VerifyDocument(signed, with); err != nil {
			t.Error("another way to write the same document:", err)
		}
	}
}

// TestOldKeysStayGood: after a rotation both the old and the new key verify.
func TestOldKeysStayGood(t *testing.T) {
	keys := []Key{{Public: stranger().Public().(ed25519.PublicKey)}, {Public: signer().Public().(ed25519.PublicKey), Retired: now()}}
	if _, err := VerifyDocument(sign(t, badge()), Trust{Issuer: DIDDocument(did, keys), Now: now().AddDate(5, 0, 0)}); err != nil {
		t.Error(err)
	}
}
