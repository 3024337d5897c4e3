package client

import (
	"context"
	"time"
)

// Certificate is a certificate of voluntary service, or the request for one.
type Certificate struct {
	ID          string     `json:"id"`
	Number      string     `json:"number"`
	State       string     `json:"state"` // applied, accepted, issued, refused, withdrawn, revoked
	Volunteer   string     `json:"volunteer"`
	Name        string     `json:"name"`
	From        string     `json:"from"` // days: "2026-01-01"
	To          string     `json:"to"`
	Minutes     int64      `json:"minutes"`
	Times       int        `json:"times"`
	Text        string     `json:"text"`
	Platform    bool       `json:"platform_record"`
	Code        string     `json:"code"`
	CheckURL    string     `json:"check_url"`
	NoticeUntil *time.Time `json:"notice_until"`
	Reason      string     `json:"reason"`
	Doubt       string     `json:"doubt"`
	Actions     []string   `json:"actions"`
}

// Period is what a certificate is asked for: a named one, or two days.
type Period struct {
	Name   string `json:"period,omitempty"` // this_year, last_year, all
	From   string `json:"from,omitempty"`
	To     string `json:"to,omitempty"`
	Remark string `json:"remark,omitempty"`
}

// Certificates are one's own.
func (c *Client) Certificates(ctx context.Context) ([]Certificate, error) {
	return list[Certificate](ctx, c, "/me/certificates", nil)
}

// AskCertificate asks for one's own; it comes issued where the community allows it.
func (c *Client) AskCertificate(ctx context.Context, p Period) (out Certificate, err error) {
	err = c.Post(ctx, "/me/certificates", p, &out)
	return out, err
}

// AskCertificateFor asks on behalf of a volunteer.
func (c *Client) AskCertificateFor(ctx context.Context, volunteer string, p Period) (out Certificate, err error) {
	err = c.Post(ctx, at("persons", volunteer, "certificates"), p, &out)
	return out, err
}

// Certificate is one certificate.
func (c *Client) Certificate(ctx context.Context, id string) (out Certificate, err error) {
	err = c.Get(ctx, at("certificates", id), nil, &out)
	return out, err
}

// CertificateStep makes a step: acceptance, issue, withdrawal, confirmation, or with
// a reason refusal, revocation.
func (c *Client) CertificateStep(ctx context.Context, id, step, reason string) (out Certificate, err error) {
	body := map[string]string{}
	if reason != "" {
		body["reason"] = reason
	}
	err = c.Post(ctx, at("certificates", id, step), body, &out)
	return out, err
}

// Credential is the signed credential of a certificate, as a file.
func (c *Client) Credential(ctx context.Context, id string) ([]byte, error) {
	var out struct{ Credential string }
	err := c.Get(ctx, at("certificates", id, "credential"), nil, &out)
	return []byte(out.Credential), err
}

// Standing is what anybody may know of a certificate.
type Standing struct {
	Number  string `json:"number"`
	State   string `json:"state"`
	Stands  bool   `json:"stands"`
	From    string `json:"from"`
	To      string `json:"to"`
	Minutes int64  `json:"minutes"`
}

// CheckCertificate looks a check code up; nobody needs to be signed in.
func (c *Client) CheckCertificate(ctx context.Context, code string) (out Standing, err error) {
	err = c.Get(ctx, at("certificate-checks", code), nil, &out)
	return out, err
}

// CertificateBatch is how far certificates for a whole community are.
type CertificateBatch struct {
	ID    string `json:"id"`
	Place string `json:"place"`
	State string `json:"state"` // running, done
	Total int64  `json:"total"`
	Seen  int64  `json:"seen"`
	Made  int64  `json:"made"`
}

// IssueCertificates begins to issue to all volunteers of a community.
func (c *Client) IssueCertificates(ctx context.Context, place string, p Period) (out CertificateBatch, err error) {
	err = c.Post(ctx, "/certificate-batches", struct {
		Place string `json:"place"`
		Period
	}{place, p}, &out)
	return out, err
}

// CertificateBatch is how far it is.
func (c *Client) CertificateBatch(ctx context.Context, id string) (out CertificateBatch, err error) {
	err = c.Get(ctx, at("certificate-batches", id), nil, &out)
	return out, err
}

// CertificateRegister is a page of a place's register.
type CertificateRegister struct {
	Waiting []Certificate `json:"waiting"`
	Items   []Certificate `json:"items"`
	Next    string        `json:"next"`
}

// CertificateRegister reads the register of a place, newest first.
func (c *Client) CertificateRegister(ctx context.Context, place, cursor string) (out CertificateRegister, err error) {
	err = c.Get(ctx, "/certificates", given("place", place, "cursor", cursor), &out)
	return out, err
}

// CertificateNotice is a certificate that is announced; the name is masked.
type CertificateNotice struct {
	Number  string    `json:"number"`
	Name    string    `json:"name"`
	From    string    `json:"from"`
	To      string    `json:"to"`
	Minutes int64     `json:"minutes"`
	Until   time.Time `json:"until"`
}

// CertificateNotices lists what a place announces; nobody needs to be signed in.
func (c *Client) CertificateNotices(ctx context.Context, place string) ([]CertificateNotice, error) {
	return list[CertificateNotice](ctx, c, at("places", place, "certificate-notices"), nil)
}

// CertificateUnit is who issues at a place: what later certificates name.
type CertificateUnit struct {
	Name     string `json:"name"`
	Head     string `json:"head"`     // of the unit
	Ministry string `json:"ministry"` // number in the national system; empty: certificates are platform records
}

// SetCertificateUnit says who issues.
func (c *Client) SetCertificateUnit(ctx context.Context, place string, u CertificateUnit) (out CertificateUnit, err error) {
	err = c.Post(ctx, at("places", place, "certificate-unit"), u, &out)
	return out, err
}
