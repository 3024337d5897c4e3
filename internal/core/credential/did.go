package credential

import (
	"crypto/ed25519"
	"net/url"
	"slices"
	"strings"
	"time"

	"linli/internal/kit/fault"
)

// DIDContext and MultikeyContext are what a DID document with Multikeys stands on.
const (
	didContext      = "https://www.w3.org/ns/did/v1"
	multikeyContext = "https://w3id.org/security/multikey/v1"
)

// WebDID is the identity of an instance at an origin, as https://linli.example:
// did:web:linli.example. A port is written with %3A, as the method wants it.
func WebDID(origin string) string {
	u, err := url.Parse(origin)
	if err != nil {
		return ""
	}
	return "did:web:" + strings.ReplaceAll(u.Host, ":", "%3A")
}

// WebDIDDocument is the address at which the document of a did:web is to be had; ""
// when did is none.
func WebDIDDocument(did string) string {
	rest, found := strings.CutPrefix(did, "did:web:")
	if !found || rest == "" || strings.ContainsAny(rest, "/?#") {
		return ""
	}
	parts := strings.Split(rest, ":")
	for i, p := range parts {
		text, err := url.PathUnescape(p)
		if err != nil || text == "" || strings.ContainsAny(text, "/?#@") {
			return ""
		}
		parts[i] = text
	}
	if len(parts) == 1 {
		return "https://" + parts[0] + "/.well-known/did.json"
	}
	return "https://" + strings.Join(parts, "/") + "/did.json"
}

// Key is a public key that signs, or signed, for an issuer.
type Key struct {
	Public  ed25519.PublicKey
	Created time.Time
	Retired time.Time // when another took over; what it signed before stays good. Zero: it signs
}

// ID is the name of the key in the issuer's document.
func (k Key) ID(did string) string { return did + "#" + PublicMultikey(k.Public) }

// DIDDocument lists all keys of an issuer. Those that have retired stay in it, or
// what they signed could not be verified any more.
func DIDDocument(did string, keys []Key) Document {
	var methods, ids []any
	for _, k := range keys {
		methods = append(methods, map[string]any{
			"id": k.ID(did), "type": "Multikey", "controller": did, "publicKeyMultibase": PublicMultikey(k.Public),
		})
		ids = append(ids, k.ID(did))
	}
	return Document{
		"@context": []any{didContext, multikeyContext}, "id": did, "verificationMethod": methods, "assertionMethod": ids,
	}
}

// keyDocument is the document of a did:key, which needs nobody's word.
func keyDocument(did string) (Document, bool) {
	text, found := strings.CutPrefix(did, "did:key:")
	if !found {
		return nil, false
	}
	key, err := ReadPublicMultikey(text)
	if err != nil {
		return nil, false
	}
	return DIDDocument(did, []Key{{Public: key}}), true
}

// keyFor finds the key that a proof names in its issuer's document, and whether it
// may sign certificates at that moment.
func keyFor(issuer Document, method string, now time.Time) (ed25519.PublicKey, error) {
	m, found := findMethod(issuer, method)
	if !found {
		return nil, fault.Invalid("proof.verificationMethod", "签名用的钥匙 %s 不在签发人的文件里，不是签发人签的。", shorten(method))
	}
	if c := m.text("controller"); c != issuer.text("id") {
		return nil, fault.Invalid("proof.verificationMethod", "签名用的钥匙归 %s 管，不归签发人管。", shorten(c))
	}
	if !mayAssert(issuer, method) {
		return nil, fault.Invalid("proof.verificationMethod", "签发人的文件没有让这把钥匙签证明。")
	}
	for _, end := range []string{"revoked", "expires"} {
		if text, there := m[end]; there {
			if at, err := moment(text); err != nil || !now.Before(at) {
				return nil, fault.Invalid("proof.verificationMethod", "签名用的钥匙已经作废了。")
			}
		}
	}
	if t := m.text("type"); t != "Multikey" && t != "Ed25519VerificationKey2020" {
		return nil, fault.Invalid("proof.verificationMethod", "签名用的钥匙是 %s 一类的，这里只认 Multikey。", shorten(t))
	}
	key, err := ReadPublicMultikey(m.text("publicKeyMultibase"))
	if err != nil {
		return nil, fault.Invalid("proof.verificationMethod", "签发人文件里的这把钥匙不是 Ed25519 公钥，读不出来。")
	}
	return key, nil
}

func findMethod(issuer Document, id string) (Document, bool) {
	for _, name := range []string{"verificationMethod", "assertionMethod"} {
		for _, v := range issuer.list(name) {
			if m, ok := asObject(v); ok && absolute(issuer, m.text("id")) == id && id != "" {
				return m, true
			}
		}
	}
	return nil, false
}

// mayAssert says whether the method is one for statements of the issuer; it may stand
// in the list by name or as a whole.
func mayAssert(issuer Document, id string) bool {
	return slices.ContainsFunc(issuer.list("assertionMethod"), func(v any) bool {
		if m, ok := asObject(v); ok {
			return absolute(issuer, m.text("id")) == id
		}
		s, _ := v.(string)
		return absolute(issuer, s) == id
	})
}

// absolute completes a name of a key that is given relative to the document: "#key-1".
func absolute(issuer Document, id string) string {
	if strings.HasPrefix(id, "#") {
		return issuer.text("id") + id
	}
	return id
}
