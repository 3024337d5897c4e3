package certificate

import (
	"crypto/rand"
	"encoding/base32"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"time"

	"linli/internal/core/calendar"
	"linli/internal/core/category"
	"linli/internal/core/credential"
	"linli/internal/core/identity"
	"linli/internal/core/person"
	"linli/internal/core/place"
	"linli/internal/core/rule"
	"linli/internal/feature/record"
	"linli/internal/feature/star"
	"linli/internal/feature/volunteer"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

// draft is a certificate with all that will stand on it but its number and
// signature.
type draft struct {
	Certificate
	rows   []string // of the record
	notice int64    // days
}

// issuance is what holds for all certificates of a place in one moment.
type issuance struct {
	at     place.Place
	unit   Unit
	phone  string
	notice int64
	now    time.Time
}

// day is the one under which serials are counted.
func (i issuance) day() string { return calendar.DayOf(i.now).String() }

func issuanceAt(tx *db.Tx, at place.Place) (out issuance, err error) {
	out.at, out.now = at, tx.Now()
	if out.unit, err = unitOf(tx, at); err != nil {
		return out, err
	}
	if out.phone, err = place.Phone(tx, at.ID); err != nil {
		return out, err
	}
	out.notice, err = rule.Value(tx, at.District, at.Path, rule.CertificateNotice)
	return out, err
}

// draw sums up what counts of a volunteer's record in the certificate's period.
func (i issuance) draw(tx *db.Tx, c Certificate, p person.Person, v volunteer.Volunteer, has star.Standing) (draft, error) {
	rows, minutes, err := record.Counted(tx, c.District, c.Volunteer, c.From, c.To)
	if err != nil {
		return draft{}, err
	}
	d := draft{Certificate: c, notice: i.notice}
	d.Minutes = minutes
	if d.Paper, err = i.paper(tx, p, v, rows); err != nil {
		return d, err
	}
	d.Paper.Minutes, d.Paper.Star = minutes, has.Star
	for _, h := range has.Honours {
		d.Paper.Honours = append(d.Paper.Honours, fmt.Sprintf("%d 年%s", h.Year, h.Kind.Label()))
	}
	for _, r := range rows {
		d.rows = append(d.rows, r.ID)
	}
	return d, nil
}

func (i issuance) paper(tx *db.Tx, p person.Person, v volunteer.Volunteer, rows []record.Record) (Paper, error) {
	out := Paper{
		Name: p.Name, VolunteerNo: v.Number, Place: i.at.Name, Times: len(rows), Unit: i.unit.Name, Phone: i.phone,
		Ministry: i.unit.Ministry, Head: i.unit.Head,
	}
	if p.IDNumber != "" {
		out.Document, out.DocumentNo = string(p.IDType), identity.MaskID(p.IDNumber)
	}
	if out.Unit == "" {
		out.Unit = i.at.Name + "服务站"
	}
	var communities []string
	said, glad := 0, 0
	for _, r := range rows {
		out.Kinds = addKind(out.Kinds, kindOf(r), int64(r.Minutes))
		if !slices.Contains(communities, r.Community) {
			communities = append(communities, r.Community)
		}
		if r.Satisfaction != "" {
			said++
		}
		if r.Satisfaction == "satisfied" {
			glad++
		}
	}
	out.AllSatisfied = glad > 0 && glad == said
	slices.SortStableFunc(out.Kinds, func(a, b KindTimes) int { return b.Times - a.Times })
	names, err := place.Names(tx, communities...)
	for _, id := range communities {
		out.Places = append(out.Places, names[id])
	}
	return out, err
}

// kindOf is what was done, as a message id.
func kindOf(r record.Record) string {
	if s, ok := category.ByID(r.Category); ok {
		return s.Name
	}
	return r.Name
}

func addKind(kinds []KindTimes, name string, minutes int64) []KindTimes {
	for i := range kinds {
		if kinds[i].Name == name {
			kinds[i].Times++
			kinds[i].Minutes += minutes
			return kinds
		}
	}
	return append(kinds, KindTimes{name, 1, minutes})
}

// errNothing is said when there is nothing to certify.
func errNothing(c Certificate) error {
	return fault.Invalid("from", "%s 到 %s 没有算数的服务时间，开不了证明。刚做完的服务要先公示几天。", c.From.String(), c.To.String())
}

// number is the one that stands on the paper; see the package's words.
func number(community string, day calendar.Day, serial int64) string {
	return fmt.Sprintf("LL-%.12s-%s-%04d", community, day.Start().In(calendar.Zone()).Format("20060102"), serial)
}

// newCode is the last part of a public address: the district, so that it is found,
// and 50 random bits. The alphabet has no letters that look like digits.
func newCode(district int) string {
	const letters = "ABCDEFGHJKMNPQRSTUVWXYZ123456789" // 32
	var b [10]byte
	_, _ = rand.Read(b[:]) // never fails (crypto/rand)
	text := base32.NewEncoding(letters).WithPadding(base32.NoPadding).EncodeToString(b[:])
	return fmt.Sprintf("%06d%s", district, text[:codeLetters])
}

const codeLetters = 10

// districtOfCode is where a code is to be looked up; ok is false for what is none.
func districtOfCode(code string) (district int, ok bool) {
	if len(code) != 6+codeLetters {
		return 0, false
	}
	district, err := strconv.Atoi(code[:6])
	return district, err == nil && district > 0
}

// triesInList is how often a free place in a list is looked for before the next list
// is begun: lists fill to about a third, and places stay random, so that none tells
// when a certificate was issued (Bitstring Status List 1.0, section 2.1).
const triesInList = 8

// freePlace finds a free place in the status lists; others are being given at the same
// time.
func freePlace(tx *db.Tx, district, list int, others map[[2]int]bool) (int, int, error) {
	for try := 0; ; try++ {
		if try == triesInList {
			list, try = list+1, 0
		}
		n, err := rand.Int(rand.Reader, big.NewInt(credential.StatusEntries))
		if err != nil {
			return 0, 0, err
		}
		index := int(n.Int64())
		used, err := taken(tx, district, list, index)
		if err != nil {
			return 0, 0, err
		}
		if !used && !others[[2]int{list, index}] {
			return list, index, nil
		}
	}
}

// seal gives a draft its number and signature. It reads nothing, so many can be
// sealed at once.
func (s signer) seal(d draft, i issuance, serial int64, list, index int) (draft, error) {
	d.Number, d.List, d.Index = number(d.Community, calendar.DayOf(i.now), serial), list, index
	d.IssuedAt, d.NoticeUntil = i.now, calendar.DayOf(i.now).Add(int(d.notice)).End()
	signed, err := s.ring.Sign(s.badge(d.Certificate).Document(), s.did, i.now)
	if err != nil {
		return d, err
	}
	text, err := signed.Canonical()
	d.Credential = string(text)
	return d, err
}

// address is the public page of a certificate.
func address(origin, code string) string { return origin + "/c/" + code }

// listAddress is where a status list is published.
func listAddress(origin string, district, list int) string {
	return fmt.Sprintf("%s/credentials/status/%06d-%d", origin, district, list)
}

func (s signer) badge(c Certificate) credential.Badge {
	who := []credential.Identity{{Type: "name", Value: c.Paper.Name}}
	if c.Paper.VolunteerNo != "" {
		who = append(who, credential.Identity{Type: "ext:volunteerNumber", Value: c.Paper.VolunteerNo})
	}
	b := credential.Badge{
		ID: address(s.origin, c.Code), Name: "志愿服务证明", Description: c.Paper.deed(c),
		Issuer: credential.Profile{DID: s.did, Name: c.Paper.Unit, URL: s.origin, Phone: c.Paper.Phone}, From: c.IssuedAt,
		Recipient: who, Number: c.Number, Narrative: c.Paper.narrative(c), Start: c.From.Start(), End: c.To.End().Add(-time.Second),
		Achievement: credential.Achievement{
			ID: s.origin + "/check#volunteer-service", Name: "志愿服务", Kind: "CommunityService",
			Description: "在社区帮邻居的忙，按实际服务的时间记录。",
			Criteria:    "服务由签到签退或主人确认证明，公示后没有异议，才计入服务记录。",
			Results:     []credential.Measure{{Fragment: "minutes", Name: "服务时长（分钟）"}, {Fragment: "times", Name: "服务次数"}},
		},
		Results: map[string]string{"minutes": strconv.FormatInt(c.Minutes, 10), "times": strconv.Itoa(c.Paper.Times)},
		Status:  credential.Entry{List: listAddress(s.origin, c.District, c.List), Index: c.Index},
	}
	if c.Paper.Star > 0 {
		b.Achievement.Results = append(b.Achievement.Results, credential.Measure{Fragment: "star", Name: "开具时的星级"})
		b.Results["star"] = strconv.Itoa(c.Paper.Star)
	}
	return b
}
