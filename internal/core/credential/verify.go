package credential

import (
	"strings"
	"time"

	"linli/internal/kit/fault"
)

// Trust is what a verifier has in hand. Nothing else is asked.
type Trust struct {
	Issuer Document // DID document of the issuer; nil: only a did:key speaks for itself
	Status Document // status list; nil: revocation is not looked up
	Now    time.Time
}

// Result is what a verification found out.
type Result struct {
	Document Document
	Issuer   string
	Badge    bool // it is an Open Badge
	Revoked  Looked
}

// Name is what the credential calls itself.
func (r Result) Name() string { return r.Document.text("name") }

// List is the address of the status list that tells whether it was revoked.
func (r Result) List() string {
	for _, v := range r.Document.list("credentialStatus") {
		if e, ok := asObject(v); ok {
			return e.text("statusListCredential")
		}
	}
	return ""
}

// Looked is whether the status list was looked at.
type Looked string

const (
	NotRevoked Looked = "not_revoked" // looked up, and not in it
	NoList     Looked = "no_list"     // it has a list, which was not at hand
	Never      Looked = "never"       // it cannot be revoked: it names no list
)

// Verify says whether a credential holds. The error lists, as a fault with all that
// was found, what does not.
func Verify(text []byte, t Trust) (Result, error) {
	d, err := Read(text)
	if err != nil {
		return Result{}, err
	}
	return VerifyDocument(d, t)
}

// VerifyDocument is Verify for what has been read. A document whose form is wrong is
// not looked at further; all else is found at once.
func VerifyDocument(d Document, t Trust) (Result, error) {
	r := Result{Document: d, Issuer: issuerOf(d), Badge: isBadge(d), Revoked: Never}
	if err := checkModel(d); err != nil {
		return r, err
	}
	issuer, err := t.issuer(r.Issuer)
	if err != nil {
		return r, err
	}
	read, status := checkStatus(d, t, issuer)
	if len(d.list("credentialStatus")) > 0 {
		r.Revoked = NotRevoked
		if !read {
			r.Revoked = NoList
		}
	}
	return r, fault.Join(checkProofs(d, issuer, t.Now), checkPeriod(d, t.Now), status)
}

// issuer is the document that speaks for a DID.
func (t Trust) issuer(id string) (Document, error) {
	if t.Issuer != nil {
		if got := t.Issuer.text("id"); got != id {
			return nil, fault.Invalid("issuer", "签发人不对：证明上写的是 %s，给的文件是 %s 的。", shorten(id), shorten(got))
		}
		return t.Issuer, nil
	}
	if d, ok := keyDocument(id); ok {
		return d, nil
	}
	if at := WebDIDDocument(id); at != "" {
		return nil, fault.Invalid("issuer", "还要签发人的文件才能核对：请从 %s 下载，再一起给我。", at)
	}
	if strings.HasPrefix(id, "did:key:") {
		return nil, fault.Invalid("issuer", "签发人的 did:key 不是 Ed25519 的，这里不会核对。")
	}
	return nil, fault.Invalid("issuer", "还要签发人（%s）的文件才能核对。", shorten(id))
}
