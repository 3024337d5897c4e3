package credential

import (
	"bytes"
	"compress/gzip"
	"io"
	"slices"
	"strconv"
	"time"

	"linli/internal/kit/fault"
)

// StatusEntries is how many credentials share one status list: the least that the
// standard allows, so that a look at the list tells nobody whose credential is
// looked up (Bitstring Status List 1.0, section 2.2).
const StatusEntries = 131_072

// mostStatusBytes bounds what a list may unpack to: 32 million entries.
const mostStatusBytes = 4 << 20

// Entry is the place of a credential in a status list.
type Entry struct {
	List  string // address of the list
	Index int    // below StatusEntries
}

func (e Entry) document() Document {
	index := strconv.Itoa(e.Index)
	return Document{
		"id": e.List + "#" + index, "type": "BitstringStatusListEntry", "statusPurpose": "revocation",
		"statusListIndex": index, "statusListCredential": e.List,
	}
}

// Bits is a status list: index 0 is the left-most bit of the first byte.
type Bits []byte

// NewBits makes a list in which nothing is revoked.
func NewBits() Bits { return make(Bits, StatusEntries/8) }

// Set revokes an index.
func (b Bits) Set(index int) { b[index/8] |= 0x80 >> (index % 8) }

// At says whether an index is revoked.
func (b Bits) At(index int) bool { return b[index/8]&(0x80>>(index%8)) != 0 }

// Encode packs the list for a credential: GZIP, then base64url with the prefix "u".
func (b Bits) Encode() (string, error) {
	var packed bytes.Buffer
	w, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return "", err
	}
	if _, err := w.Write(b); err != nil {
		return "", err
	}
	if err := w.Close(); err != nil {
		return "", err
	}
	return encode64(packed.Bytes()), nil
}

// DecodeBits unpacks a list and refuses one that is too short to hide in, or too
// long to be one.
func DecodeBits(text string) (Bits, error) {
	const at = "credentialSubject.encodedList"
	packed, err := decode64(text)
	if err != nil {
		return nil, fault.Invalid(at, "撤销名单的写法不对：要 u 开头的 base64url。")
	}
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fault.Invalid(at, "撤销名单解不开：不是 GZIP。")
	}
	b, err := io.ReadAll(io.LimitReader(r, mostStatusBytes+1))
	switch {
	case err != nil:
		return nil, fault.Invalid(at, "撤销名单解不开：不是 GZIP。")
	case len(b) > mostStatusBytes:
		return nil, fault.Invalid(at, "撤销名单太长了，不像名单。")
	case len(b)*8 < StatusEntries:
		return nil, fault.Invalid(at, "撤销名单太短：至少要 %d 位，不然看得出查的是谁。", StatusEntries)
	}
	return b, nil
}

// StatusList is the list as a credential that still has to be signed.
func StatusList(issuer, list string, b Bits, from, until time.Time) (Document, error) {
	encoded, err := b.Encode()
	return Document{
		"@context": []any{vcContext}, "id": list, "type": []any{"VerifiableCredential", "BitstringStatusListCredential"},
		"issuer": issuer, "validFrom": stamp(from), "validUntil": stamp(until),
		"credentialSubject": map[string]any{
			"id": list + "#list", "type": "BitstringStatusList", "statusPurpose": "revocation", "encodedList": encoded,
		},
	}, err
}

// checkStatus looks a credential's entries up in the list that is at hand. read says
// whether that list is the one of every entry; the rest was not looked up.
func checkStatus(d Document, t Trust, issuer Document) (read bool, err error) {
	read = true
	var errs []error
	for _, v := range d.list("credentialStatus") {
		e, _ := asObject(v)
		if e.text("type") != "BitstringStatusListEntry" {
			errs = append(errs, fault.Invalid("credentialStatus.type", "这种撤销名单（%s）这里不会查。", shorten(e.text("type"))))
			continue
		}
		if t.Status == nil {
			read = false
			continue
		}
		errs = append(errs, lookUp(e, t, issuer))
	}
	return read, fault.Join(errs...)
}

// lookUp is the validation of section 3.2 of the standard.
func lookUp(e Document, t Trust, issuer Document) error {
	list := t.Status
	if list.text("id") != e.text("statusListCredential") {
		return fault.Invalid("credentialStatus.statusListCredential", "给的撤销名单不是这张证明的那一份，要的是 %s。", shorten(e.text("statusListCredential")))
	}
	if err := checkList(list, issuer, t.Now); err != nil {
		return err
	}
	subject, _ := list.object("credentialSubject")
	if !slices.Contains(subject.texts("statusPurpose"), e.text("statusPurpose")) {
		return fault.Invalid("credentialStatus.statusPurpose", "给的名单不是管“%s”的。", shorten(e.text("statusPurpose")))
	}
	bits, err := DecodeBits(subject.text("encodedList"))
	if err != nil {
		return err
	}
	index, err := strconv.Atoi(e.text("statusListIndex"))
	if err != nil || index < 0 || index >= len(bits)*8 {
		return fault.Invalid("credentialStatus.statusListIndex", "证明在撤销名单里的位置（%s）不对。", shorten(e.text("statusListIndex")))
	}
	if !bits.At(index) {
		return nil
	}
	if e.text("statusPurpose") == "suspension" {
		return fault.Invalid("credentialStatus", "这张证明暂停使用了。")
	}
	return fault.Invalid("credentialStatus", "这张证明已经被撤销了。")
}

// checkList verifies the list itself: it is a credential of the same issuer.
func checkList(list, issuer Document, now time.Time) error {
	if !slices.Contains(list.texts("type"), "BitstringStatusListCredential") {
		return fault.Invalid("status.type", "给的文件不是撤销名单。")
	}
	if issuerOf(list) != issuer.text("id") {
		return fault.Invalid("status.issuer", "撤销名单是别人（%s）签的，不算数。", shorten(issuerOf(list)))
	}
	for _, err := range []error{checkModel(list), checkPeriod(list, now), checkProofs(list, issuer, now)} {
		if err != nil {
			f := *fault.As(err)
			f.Field = "status." + f.Field
			return fault.Join(fault.Invalid("status", "给的撤销名单不能用，原因见后面。"), &f)
		}
	}
	return nil
}
