package credential

import (
	"bytes"
	"compress/gzip"
	"testing"
)

// ofTheStandard is the list of examples 3 and 5 of Bitstring Status List 1.0.
const ofTheStandard = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA"

func TestListOfTheStandard(t *testing.T) {
	bits, err := DecodeBits(ofTheStandard)
	if err != nil || len(bits)*8 != StatusEntries || bits.At(94567) || !bytes.Equal(bits, NewBits()) {
		t.Errorf("%d bits, %v", len(bits)*8, err)
	}
}

// TestFirstBitIsLeft: index 0 is the left-most bit of the first byte, the last index
// the right-most of the last.
func TestFirstBitIsLeft(t *testing.T) {
	b := NewBits()
	b.Set(0)
	b.Set(9)
	b.Set(StatusEntries - 1)
	if b[0] != 0x80 || b[1] != 0x40 || b[len(b)-1] != 0x01 {
		t.Errorf("% x … %x", b[:2], b[len(b)-1])
	}
	text, err := b.Encode()
	if err != nil {
		t.Fatal(err)
	}
	got, err := DecodeBits(text)
	if err != nil || !bytes.Equal(got, b) {
		t.Error("comes back as another list", err)
	}
	for i := range 20 {
		if want := i == 0 || i == 9; got.At(i) != want {
			t.Errorf("index %d is %v", i, got.At(i))
		}
	}
}

func TestListsThatCannotBe(t *testing.T) {
	pack := func(n int) string {
		var buf bytes.Buffer
		w := gzip.NewWriter(&buf)
		_, _ = w.Write(make([]byte, n))
		_ = w.Close()
		return encode64(buf.Bytes())
	}
	for _, c := range []struct{ name, text, words string }{
		{"no prefix", ofTheStandard[1:], "base64url"},
		{"padding", ofTheStandard + "==", "base64url"},
		{"base64", "u+/+/", "base64url"},
		{"not packed", encode64(make([]byte, 20_000)), "GZIP"},
		{"cut off", ofTheStandard[:33], "GZIP"},
		{"one byte too short", pack(StatusEntries/8 - 1), "太短"},
		{"a bomb", pack(64 << 20), "太长"},
	} {
		_, err := DecodeBits(c.text)
		says(t, c.name, err, "credentialSubject.encodedList", c.words)
	}
}

// TestListsThatDoNotCount: a list speaks only for its own entries, when its issuer
// has signed it and it has not run out.
func TestListsThatDoNotCount(t *testing.T) {
	signed := sign(t, badge())
	for _, c := range []struct {
		name         string
		change       func(Document) Document
		field, words string
	}{
		{"of another address", func(d Document) Document { return sign(t, with(d, "id", list+"0")) }, "credentialStatus.statusListCredential", list},
		{"no list", func(Document) Document { return with(signed, "id", list) }, "status.type", "不是撤销名单"},
		{"of another issuer", func(d Document) Document { return sign(t, with(d, "issuer", "did:web:other.example")) }, "status.issuer", "别人"},
		{"not signed", func(d Document) Document { return d.without("proof") }, "status.proof", "没有签名"},
		{"changed", func(d Document) Document { return with(d, "validUntil", "2030-01-01T00:00:00Z") }, "status.proof.proofValue", "对不上"},
		{"of last week", func(d Document) Document { return sign(t, with(d, "validUntil", "2026-11-15T00:00:00Z")) }, "status.validUntil", "过期"},
		{"for something else", func(d Document) Document {
			s, _ := d.object("credentialSubject")
			return sign(t, with(d, "credentialSubject", map[string]any(with(s, "statusPurpose", "suspension"))))
		}, "credentialStatus.statusPurpose", "revocation"},
	} {
		w := trust()
		w.Status = c.change(statusList(t))
		_, err := VerifyDocument(signed, w)
		says(t, c.name, err, c.field, c.words)
	}
	for _, index := range []string{"131072", "-1", "", "a", "99999999999999999999"} {
		d := badge()
		e, _ := d.object("credentialStatus")
		e["statusListIndex"] = index
		w := trust()
		w.Status = statusList(t)
		_, err := VerifyDocument(sign(t, d), w)
		says(t, "index "+index, err, "credentialStatus.statusListIndex", "位置")
	}
}

// with is a copy without proof in which one member is another.
func with(d Document, name string, v any) Document {
	out := d.without("proof")
	if name == "validUntil" && v == "2030-01-01T00:00:00Z" {
		out = d.without()
	}
	out[name] = v
	return out
}
