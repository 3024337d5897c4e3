package sms

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"
)

// Patience is how long a gateway may take for one message.
const Patience = 10 * time.Second

// Gateway sends messages by POST of their JSON to a provider's address, with a
// bearer token, and the key as Idempotency-Key. Any 2xx answer means accepted.
type Gateway struct {
	address string
	token   string
	client  *http.Client
}

// NewGateway checks the address: it must be https, because codes pass through it;
// plain http is for a gateway on this very machine.
func NewGateway(address, token string) (*Gateway, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return nil, errors.New("sms: the gateway's address is not a URL")
	}
	if u.Scheme != "https" && !(u.Scheme == "http" && isLoopback(u.Hostname())) {
		return nil, errors.New("sms: the gateway's address must start with https://")
	}
	return &Gateway{address: address, token: token, client: &http.Client{
		Timeout:       Patience,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Send posts the message. Its errors name the status and no part of the message,
// the address or the token: they are kept with the job and logged.
func (g *Gateway) Send(ctx context.Context, m Message) error {
	body, err := json.Marshal(m)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, g.address, bytes.NewReader(body))
	if err != nil {
		return errors.New("sms: the request cannot be made")
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+g.token)
	req.Header.Set("Idempotency-Key", m.Key)
	answer, err := g.client.Do(req)
	if err != nil {
		return fmt.Errorf("sms: the gateway did not answer: %w", reason(err))
	}
	defer answer.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, 64<<10)) // so that the connection can be used again
	if answer.StatusCode/100 != 2 {
		return fmt.Errorf("sms: the gateway answered %d", answer.StatusCode)
	}
	return nil
}

// reason takes the address off an HTTP client's error; it may hold a key.
func reason(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}
