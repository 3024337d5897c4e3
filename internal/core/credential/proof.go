package credential

import (
	"crypto/ed25519"
	"crypto/sha256"
	"reflect"
	"regexp"
	"slices"
	"time"

	"linli/internal/core/calendar"
	"linli/internal/kit/fault"
)

const (
	suite   = "eddsa-jcs-2022"
	purpose = "assertionMethod"
)

// mostProofs is how many proofs one document may have: each costs a verification.
const mostProofs = 8

// clockSkew is how far the clock of who signed may be ahead of ours.
const clockSkew = 5 * time.Minute

// Sign gives the document with a proof of the key added to it, made at a moment
// (EdDSA Cryptosuites 1.0, section 3.3.1).
func Sign(d Document, key ed25519.PrivateKey, method string, at time.Time) (Document, error) {
	proof := Document{
		"type": "DataIntegrityProof", "cryptosuite": suite, "created": stamp(at),
		"verificationMethod": method, "proofPurpose": purpose,
	}
	if context, found := d["@context"]; found {
		proof["@context"] = context
	}
	hash, err := hashData(d.without("proof"), proof)
	if err != nil {
		return nil, err
	}
	proof["proofValue"] = encode58(ed25519.Sign(key, hash))
	out := d.without()
	if before := d.list("proof"); len(before) > 0 {
		out["proof"] = append(slices.Clone(before), any(map[string]any(proof)))
	} else {
		out["proof"] = map[string]any(proof)
	}
	return out, nil
}

// hashData is what is signed: the hash of the proof's options, then that of the
// document (section 3.3.4).
func hashData(d, options Document) ([]byte, error) {
	doc, err := d.Canonical()
	if err != nil {
		return nil, err
	}
	config, err := options.Canonical()
	if err != nil {
		return nil, err
	}
	a, b := sha256.Sum256(config), sha256.Sum256(doc)
	return append(a[:], b[:]...), nil
}

// checkProofs verifies every proof of a document against its issuer's document. One
// that does not hold spoils the document: who adds a proof wants it to count.
func checkProofs(d, issuer Document, now time.Time) error {
	proofs := d.list("proof")
	switch {
	case len(proofs) == 0:
		return fault.Invalid("proof", "这张证明没有签名，谁都可以写。")
	case len(proofs) > mostProofs:
		return fault.Invalid("proof", "签名太多了，最多 %d 个。", mostProofs)
	}
	var errs []error
	for _, v := range proofs {
		p, ok := asObject(v)
		if !ok {
			return fault.Invalid("proof", "签名写得不对，读不懂。")
		}
		errs = append(errs, checkProof(d, p, issuer, now))
	}
	return fault.Join(errs...)
}

func checkProof(d, p, issuer Document, now time.Time) error {
	if err := fault.Join(checkOptions(p), checkTimes(p, now)); err != nil {
		return err
	}
	key, err := keyFor(issuer, p.text("verificationMethod"), now)
	if err != nil {
		return err
	}
	signature, err := decode58(p.text("proofValue"))
	if err != nil || len(signature) != ed25519.SignatureSize {
		return fault.Invalid("proof.proofValue", "签名的写法不对：要 z 开头的 base58，64 个字节。")
	}
	signed, err := signedPart(d, p)
	if err != nil {
		return err
	}
	hash, err := hashData(signed, p.without("proofValue"))
	if err != nil {
		return err
	}
	if !ed25519.Verify(key, hash, signature) {
		return fault.Invalid("proof.proofValue", "签名对不上：签过以后，内容被改过，或者不是这把钥匙签的。")
	}
	return nil
}

// checkOptions looks at what kind of proof it is.
func checkOptions(p Document) error {
	if p.text("type") != "DataIntegrityProof" {
		return fault.Invalid("proof.type", "这种签名（%s）这里不会核对，只认 DataIntegrityProof。", shorten(p.text("type")))
	}
	if p.text("cryptosuite") != suite {
		return fault.Invalid("proof.cryptosuite", "这种签名算法（%s）这里不会核对，只认 %s。", shorten(p.text("cryptosuite")), suite)
	}
	if p.text("proofPurpose") != purpose {
		return fault.Invalid("proof.proofPurpose", "这个签名是作别的用的（%s），不是用来证明内容的。", shorten(p.text("proofPurpose")))
	}
	if p.text("verificationMethod") == "" {
		return fault.Invalid("proof.verificationMethod", "签名没有说是哪把钥匙签的。")
	}
	return nil
}

func checkTimes(p Document, now time.Time) error {
	if v, found := p["created"]; found {
		at, err := moment(v)
		if err != nil {
			return fault.Invalid("proof.created", "签名的时间写得不对：%s。", shorten(p.text("created")))
		}
		if at.After(now.Add(clockSkew)) {
			return fault.Invalid("proof.created", "签名的时间（%s）还没到。", dayOf(at))
		}
	}
	if v, found := p["expires"]; found {
		at, err := moment(v)
		if err != nil {
			return fault.Invalid("proof.expires", "签名到期的时间写得不对：%s。", shorten(p.text("expires")))
		}
		if !now.Before(at) {
			return fault.Invalid("proof.expires", "签名 %s 已经到期了。", dayOf(at))
		}
	}
	return nil
}

// signedPart is the document as it was when the proof was made: without its proofs,
// but for those that this one follows (Data Integrity 1.0, section 4.4), and with the
// proof's own context where it has one.
func signedPart(d, p Document) (Document, error) {
	out := d.without("proof")
	if context, found := p["@context"]; found {
		if !startsWith(d.list("@context"), p.list("@context")) {
			return nil, fault.Invalid("proof.@context", "签名的 @context 和证明的对不上。")
		}
		out["@context"] = context
	}
	before := p.texts("previousProof")
	if len(before) == 0 {
		return out, nil
	}
	var chain []any
	for _, v := range d.list("proof") {
		if q, ok := asObject(v); ok && slices.Contains(before, q.text("id")) {
			chain = append(chain, v)
		}
	}
	if len(chain) != len(before) {
		return nil, fault.Invalid("proof.previousProof", "这个签名接着另一个签名，可那一个不在这里。")
	}
	out["proof"] = chain
	return out, nil
}

func startsWith(list, head []any) bool {
	return len(list) >= len(head) && reflect.DeepEqual(list[:len(head)], head)
}

// dateTimeStamp is the form of a moment in a credential: XML Schema 1.1, with a zone.
var dateTimeStamp = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$`)

func moment(v any) (time.Time, error) {
	s, _ := v.(string)
	if !dateTimeStamp.MatchString(s) {
		return time.Time{}, fault.Invalid("", "“%s”不是时间，要像 2026-11-22T08:00:00Z 这样写。", shorten(s))
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return t, fault.Invalid("", "“%s”不是时间，要像 2026-11-22T08:00:00Z 这样写。", shorten(s))
	}
	return t, nil
}

// stamp writes a moment, to the second.
func stamp(t time.Time) string { return t.UTC().Truncate(time.Second).Format(time.RFC3339) }

// dayOf is the day of a moment as a sentence says it.
func dayOf(t time.Time) string { return calendar.DayOf(t).String() }
