package credential

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"testing"
	"time"
)

type vector struct {
	Public, Secret, Canonical, DocumentHash, ConfigHash, Signature string
}

func readVector(t *testing.T) (v vector, key ed25519.PrivateKey) {
	d, err := Read(file(t, "testdata/eddsa/vector.json"))
	if err != nil {
		t.Fatal(err)
	}
	v = vector{d.text("publicKeyMultibase"), d.text("secretKeyMultibase"), d.text("canonicalDocument"),
		d.text("documentHash"), d.text("proofConfigHash"), d.text("signatureHex")}
	if key, err = readSecretMultikey(v.Secret); err != nil {
		t.Fatal(err)
	}
	return v, key
}

// TestMultikeysOfTheSpecification reads and writes the keys of the W3C vectors.
func TestMultikeysOfTheSpecification(t *testing.T) {
	v, key := readVector(t)
	if got := PublicMultikey(key.Public().(ed25519.PublicKey)); got != v.Public {
		t.Errorf("public key %s, want %s", got, v.Public)
	}
	if got := secretMultikey(key); got != v.Secret {
		t.Errorf("secret key %s, want %s", got, v.Secret)
	}
	if got, err := ReadPublicMultikey(v.Public); err != nil || !got.Equal(key.Public()) {
		t.Errorf("%x %v", got, err)
	}
}

// TestStepsOfTheSpecification makes every intermediate value of appendix B.3.
func TestStepsOfTheSpecification(t *testing.T) {
	v, key := readVector(t)
	signed, err := Read(file(t, "testdata/eddsa/signed.json"))
	if err != nil {
		t.Fatal(err)
	}
	proof, _ := signed.object("proof")
	doc, err := signed.without("proof").Canonical()
	if err != nil || string(doc) != v.Canonical {
		t.Errorf("canonical %s %v", doc, err)
	}
	if sum := sha256.Sum256(doc); hex.EncodeToString(sum[:]) != v.DocumentHash {
		t.Errorf("hash of the document %x", sum)
	}
	hash, err := hashData(signed.without("proof"), proof.without("proofValue"))
	if err != nil || hex.EncodeToString(hash) != v.ConfigHash+v.DocumentHash {
		t.Errorf("hash data %x %v", hash, err)
	}
	if got := hex.EncodeToString(ed25519.Sign(key, hash)); got != v.Signature {
		t.Errorf("signature %s", got)
	}
	if value, err := decode58(proof.text("proofValue")); err != nil || hex.EncodeToString(value) != v.Signature {
		t.Errorf("proof value %x %v", value, err)
	}
}

// TestSignMakesTheVector signs the document of the specification and gets, byte for
// byte, what stands there.
func TestSignMakesTheVector(t *testing.T) {
	_, key := readVector(t)
	for _, name := range []string{"testdata/eddsa/signed.json", "testdata/eddsa/signed-2023.json"} {
		want, err := Read(file(t, name))
		if err != nil {
			t.Fatal(err)
		}
		proof, _ := want.object("proof")
		at := time.Date(2023, 2, 24, 23, 36, 38, 0, time.UTC)
		got, err := Sign(want.without("proof"), key, proof.text("verificationMethod"), at)
		if err != nil {
			t.Fatal(err)
		}
		a, _ := got.Canonical()
		b, _ := want.Canonical()
		if !bytes.Equal(a, b) {
			t.Errorf("%s:\n%s, want\n%s", name, a, b)
		}
	}
}

// TestVectorsVerify verifies them with their issuer's document, and without it says
// what is missing.
func TestVectorsVerify(t *testing.T) {
	issuer, err := Read(file(t, "testdata/issuer.vc.example.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"testdata/eddsa/signed.json", "testdata/eddsa/signed-2023.json"} {
		r, err := Verify(file(t, name), Trust{Issuer: issuer, Now: now()})
		if err != nil || r.Badge || r.Revoked != Never {
			t.Errorf("%s: %+v %v", name, r, err)
		}
		_, err = Verify(file(t, name), Trust{Now: now()})
		says(t, name+" without its issuer", err, "issuer", "还要签发人")
	}
}

// TestKeyOfItsOwn: a did:key needs nobody's document.
func TestKeyOfItsOwn(t *testing.T) {
	_, key := readVector(t)
	did := "did:key:" + PublicMultikey(key.Public().(ed25519.PublicKey))
	d := Document{
		"@context": []any{vcContext}, "type": []any{"VerifiableCredential"}, "issuer": did,
		"credentialSubject": map[string]any{"id": "did:example:a"},
	}
	signed, err := Sign(d, key, did+"#"+PublicMultikey(key.Public().(ed25519.PublicKey)), now())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := VerifyDocument(signed, Trust{Now: now()}); err != nil {
		t.Error(err)
	}
	for _, bad := range []string{"did:key:z6LSbysY2xFMRpGMhb7tFTLMpeuPRaqaWM1yECx2AtzE3KCc", "did:key:", "did:key:zzz"} {
		signed["issuer"] = bad
		_, err := VerifyDocument(signed, Trust{Now: now()})
		says(t, bad, err, "issuer", "did:key")
	}
}

// TestProofsFollowEachOther: a set of two, and a chain in which the second covers
// the first.
func TestProofsFollowEachOther(t *testing.T) {
	two := sign(t, sign(t, badge()))
	if n := len(two.list("proof")); n != 2 {
		t.Fatalf("%d proofs", n)
	}
	if _, err := VerifyDocument(two, trust()); err != nil {
		t.Error("a set of two:", err)
	}
	first := prove(t, badge(), Document{"id": "urn:uuid:1"})
	second := prove(t, first, Document{"previousProof": "urn:uuid:1"})
	chained := first.without()
	chained["proof"] = []any{first["proof"], second["proof"]}
	if _, err := VerifyDocument(chained, trust()); err != nil {
		t.Error("a chain of two:", err)
	}
	alone := chained.without()
	alone["proof"] = second["proof"]
	_, err := VerifyDocument(alone, trust())
	says(t, "a chain without its first", err, "proof.previousProof", "接着另一个签名")
}

// prove signs with further options; a proof that is there already is covered.
func prove(t *testing.T, d, more Document) Document {
	config := Document{
		"type": "DataIntegrityProof", "cryptosuite": suite, "created": stamp(now()), "proofPurpose": purpose,
		"verificationMethod": methodOf(signer()), "@context": d["@context"],
	}
	for name, v := range more {
		config[name] = v
	}
	under := d.without("proof")
	if before := d.list("proof"); len(before) > 0 {
		under["proof"] = before
	}
	hash, err := hashData(under, config)
	if err != nil {
		t.Fatal(err)
	}
	config["proofValue"] = encode58(ed25519.Sign(signer(), hash))
	out := d.without()
	out["proof"] = map[string]any(config)
	return reread(t, out)
}

func TestMultibase(t *testing.T) {
	for _, b := range [][]byte{{}, {0}, {0, 0, 1}, {255}, []byte("Hello World!"), bytes.Repeat([]byte{7}, 64)} {
		if got, err := decode58(encode58(b)); err != nil || !bytes.Equal(got, b) {
			t.Errorf("%x becomes %x, %v", b, got, err)
		}
	}
	if got := encode58([]byte("Hello World!")); got != "z2NEpo7TZRRrLZSi2U" {
		t.Errorf("base58 is %s", got)
	}
	for _, bad := range []string{"", "2NEpo7TZRRrLZSi2U", "z0", "zO", "zl", "z 1", "z" + string(bytes.Repeat([]byte{'2'}, mostEncoded+1))} {
		if _, err := decode58(bad); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}

func TestWebDID(t *testing.T) {
	for _, c := range []struct{ origin, did, document string }{
		{"https://linli.example", "did:web:linli.example", "https://linli.example/.well-known/did.json"},
		{"http://127.0.0.1:8080", "did:web:127.0.0.1%3A8080", "https://127.0.0.1:8080/.well-known/did.json"},
	} {
		if got := WebDID(c.origin); got != c.did {
			t.Errorf("%s is %s", c.origin, got)
		}
		if got := WebDIDDocument(c.did); got != c.document {
			t.Errorf("%s is at %s", c.did, got)
		}
	}
	if got := WebDIDDocument("did:web:w3c-ccg.github.io:user:alice"); got != "https://w3c-ccg.github.io/user/alice/did.json" {
		t.Error(got)
	}
	for _, bad := range []string{"did:web:", "did:web:a/b", "did:web:a%2Fb", "did:web:user%40a", "did:key:z6Mk", "did:web:a::b", "did:web:a%zz"} {
		if got := WebDIDDocument(bad); got != "" {
			t.Errorf("%s is at %s", bad, got)
		}
	}
}

// TestSignatureIsOverTheMeaning: another layout of the same JSON still holds.
func TestSignatureIsOverTheMeaning(t *testing.T) {
	signed := sign(t, badge())
	text, err := json.Marshal(signed)
	if err != nil {
		t.Fatal(err)
	}
	for _, layout := range [][]byte{text, bytes.ReplaceAll(text, []byte("志愿"), []byte(`\u5fd7\u613f`)), bytes.ReplaceAll(text, []byte(`,"`), []byte(",\n\t\""))} {
		if _, err := Verify(layout, trust()); err != nil {
			t.Error(err)
		}
	}
}
