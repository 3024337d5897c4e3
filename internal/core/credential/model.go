package credential

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"linli/internal/kit/fault"
)

const (
	vcContext    = "https://www.w3.org/ns/credentials/v2"
	badgeContext = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
	badgeSchema  = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"
)

// checkModel holds a document against the Verifiable Credentials Data Model 2.0, and
// one that calls itself an Open Badge against Open Badges 3.0 too.
func checkModel(d Document) error {
	errs := []error{
		checkContext(d), checkTypes(d), checkAddress("id", d["id"], false), checkIssuer(d),
		checkMoment(d, "validFrom"), checkMoment(d, "validUntil"), checkSubjects(d), checkEntries(d),
	}
	if isBadge(d) {
		errs = append(errs, checkBadge(d)...)
	}
	return fault.Join(errs...)
}

func checkContext(d Document) error {
	list := d.list("@context")
	if len(list) == 0 || list[0] != vcContext {
		return fault.Invalid("@context", "这不是第 2 版的可验证凭证：@context 的第一项要是 %s。", vcContext)
	}
	return nil
}

func checkTypes(d Document) error {
	types := d.texts("type")
	if len(types) != len(d.list("type")) || !slices.Contains(types, "VerifiableCredential") {
		return fault.Invalid("type", "这不是可验证凭证：type 里要有 VerifiableCredential。")
	}
	return nil
}

// issuerOf is the address of the issuer, who stands in a credential as a string or
// as an object.
func issuerOf(d Document) string {
	if o, ok := d.object("issuer"); ok {
		return o.text("id")
	}
	return d.text("issuer")
}

func checkIssuer(d Document) error {
	if len(d.list("issuer")) != 1 || issuerOf(d) == "" {
		return fault.Invalid("issuer", "证明上没有写是谁签发的。")
	}
	return checkAddress("issuer", issuerOf(d), true)
}

// checkAddress says whether a value is a URL; it may be left out unless it is needed.
func checkAddress(field string, v any, needed bool) error {
	if v == nil && !needed {
		return nil
	}
	s, _ := v.(string)
	u, err := url.Parse(s)
	if err != nil || u.Scheme == "" || strings.ContainsAny(s, " \n\t") {
		return fault.Invalid(field, "“%s”不是一个地址。", shorten(s))
	}
	return nil
}

func checkMoment(d Document, field string) error {
	v, found := d[field]
	if !found {
		return nil
	}
	if _, err := moment(v); err != nil {
		f := *fault.As(err)
		f.Field = field
		return &f
	}
	return nil
}

func checkSubjects(d Document) error {
	subjects := d.list("credentialSubject")
	if len(subjects) == 0 {
		return fault.Invalid("credentialSubject", "证明里没有写证明什么。")
	}
	for _, v := range subjects {
		s, ok := asObject(v)
		if !ok || len(s) == 0 {
			return fault.Invalid("credentialSubject", "证明里没有写证明什么。")
		}
		if err := checkAddress("credentialSubject.id", s["id"], false); err != nil {
			return err
		}
	}
	return nil
}

func checkEntries(d Document) error {
	for _, v := range d.list("credentialStatus") {
		e, ok := asObject(v)
		if !ok || e.text("type") == "" {
			return fault.Invalid("credentialStatus", "撤销名单的位置写得不对。")
		}
	}
	return nil
}

// checkPeriod says whether the credential holds at that moment.
func checkPeriod(d Document, now time.Time) error {
	if from, err := moment(d["validFrom"]); err == nil && now.Add(clockSkew).Before(from) {
		return fault.Invalid("validFrom", "这张证明还没到生效的日子（%s）。", dayOf(from))
	}
	if until, err := moment(d["validUntil"]); err == nil && now.After(until) {
		return fault.Invalid("validUntil", "这张证明已经过期了（%s）。", dayOf(until))
	}
	return nil
}

// isBadge says whether the document calls itself an Open Badge.
func isBadge(d Document) bool {
	types := d.texts("type")
	return slices.Contains(types, "OpenBadgeCredential") || slices.Contains(types, "AchievementCredential")
}

// checkBadge holds an AchievementCredential against the members that Open Badges 3.0
// asks for (its section B.1).
func checkBadge(d Document) []error {
	errs := []error{
		needText(d, "id", "id"), needText(d, "validFrom", "validFrom"), checkBadgeContext(d), checkProfile(d),
	}
	subjects := d.list("credentialSubject")
	if len(subjects) != 1 {
		return append(errs, fault.Invalid("credentialSubject", "一枚徽章只能证明一个人的一件事。"))
	}
	s, _ := asObject(subjects[0])
	errs = append(errs, needType(s, "credentialSubject.type", "AchievementSubject"), checkRecipient(s))
	a, ok := s.object("achievement")
	if !ok {
		return append(errs, fault.Invalid("credentialSubject.achievement", "徽章没有写成就是什么。"))
	}
	const at = "credentialSubject.achievement."
	errs = append(errs, needType(a, at+"type", "Achievement"))
	for _, name := range []string{"id", "name", "description"} {
		errs = append(errs, needText(a, at+name, name))
	}
	if c, ok := a.object("criteria"); !ok || c.text("narrative") == "" && c.text("id") == "" {
		errs = append(errs, fault.Invalid(at+"criteria", "徽章没有写凭什么得到。"))
	}
	return errs
}

func checkBadgeContext(d Document) error {
	for _, v := range d.list("@context") {
		if s, _ := v.(string); strings.HasPrefix(s, "https://purl.imsglobal.org/spec/ob/v3p0/context") {
			return nil
		}
	}
	return fault.Invalid("@context", "徽章的 @context 里没有 Open Badges 3.0。")
}

func checkProfile(d Document) error {
	o, ok := d.object("issuer")
	if !ok {
		return fault.Invalid("issuer", "徽章的签发人要写成 Profile。")
	}
	return needType(o, "issuer.type", "Profile")
}

// checkRecipient asks for who the badge is for.
func checkRecipient(s Document) error {
	if s.text("id") == "" && len(s.list("identifier")) == 0 {
		return fault.Invalid("credentialSubject", "徽章没有写是给谁的。")
	}
	for _, v := range s.list("identifier") {
		i, _ := asObject(v)
		if _, said := i["hashed"].(bool); !said || i.text("identityHash") == "" || i.text("identityType") == "" {
			return fault.Invalid("credentialSubject.identifier", "徽章上写的是谁，写得不对。")
		}
		if err := needType(i, "credentialSubject.identifier.type", "IdentityObject"); err != nil {
			return err
		}
	}
	return nil
}

func needText(d Document, field, name string) error {
	if d.text(name) == "" {
		return fault.Invalid(field, "徽章缺了 %s。", field)
	}
	return nil
}

func needType(d Document, field, want string) error {
	if !slices.Contains(d.texts("type"), want) {
		return fault.Invalid(field, "这一项的 type 要是 %s。", want)
	}
	return nil
}
