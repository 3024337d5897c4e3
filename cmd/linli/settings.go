package main

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"linli/internal/app"
	"linli/internal/core/auth/sms"
	"linli/internal/kit/config"
	"linli/internal/kit/web"
)

// Settings are all settings of the program. Each can be a flag (--database), a
// variable of the environment (LINLI_DATABASE) or a line of the file linli.conf
// (database = …), in this order.
type Settings struct {
	config.Flag

	Database    string   `default:"linli.db" secret:"url" help:"Where everything is kept: the path of a SQLite file, or a postgres:// address."`
	Synchronous string   `default:"FULL" enum:"FULL,NORMAL" help:"SQLite: FULL survives a power failure, NORMAL may lose the last moment."`
	Secret      string   `secret:"true" help:"Key of codes and sessions, 64 hexadecimal digits, the same on every server of a database. Default: made once and kept in the file linli.secret beside the database." placeholder:"HEX"`
	PublicURL   string   `name:"public-url" help:"Address under which people reach this server, as https://linli.example; it stands in certificates and their QR codes, and the issuer is named after it (did:web). Default: where the server listens." placeholder:"URL"`
	Keys        string   `help:"File with the keys that sign certificates, made at the first start, readable by its owner alone. Back it up apart from the database; the same file on every server of a database. Default: linli.keys beside the database." placeholder:"FILE" type:"path"`
	SMSURL      string   `name:"sms-url" help:"Gateway that sends text messages, an https:// address. Default: messages are printed." placeholder:"URL"`
	SMSToken    string   `name:"sms-token" secret:"true" help:"Bearer token of the gateway." placeholder:"TOKEN"`
	Proxies     []string `help:"Networks of reverse proxies whose X-Forwarded-For is believed, as 10.0.0.0/8." placeholder:"CIDR"`
	Origins     []string `help:"Further origins whose pages may post here, as https://linli.example." placeholder:"URL"`
	PerMinute   int      `default:"600" help:"Requests a minute from one address; 0 for no limit."`
	LogFormat   string   `default:"text" enum:"text,json" help:"How the log is written."`
	LogLevel    string   `default:"info" enum:"debug,info,warn,error" help:"From which level on."`
}

// Validate looks at settings together; kong calls it.
func (s *Settings) Validate() error {
	var errs []error
	if s.Database == "" {
		errs = append(errs, errors.New("--database: must not be empty"))
	}
	if _, err := s.sender(); err != nil {
		errs = append(errs, fmt.Errorf("--sms-url: %w", err))
	}
	if s.SMSToken != "" && s.SMSURL == "" {
		errs = append(errs, errors.New("--sms-token: is of a gateway, and there is no --sms-url"))
	}
	for _, o := range s.Origins {
		if !isOrigin(o) {
			errs = append(errs, fmt.Errorf("--origins: %q is no origin, as https://linli.example", o))
		}
	}
	if s.PublicURL != "" && !isOrigin(s.PublicURL) {
		errs = append(errs, fmt.Errorf("--public-url: %q is no origin, as https://linli.example", s.PublicURL))
	}
	if s.Secret != "" {
		if b, err := hex.DecodeString(s.Secret); err != nil || len(b) < 32 {
			errs = append(errs, errors.New("--secret: must be at least 64 hexadecimal digits"))
		}
	}
	if s.PerMinute < 0 {
		errs = append(errs, errors.New("--per-minute: must not be negative"))
	}
	_, err := s.proxies()
	return errors.Join(append(errs, err)...)
}

func isOrigin(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http") && strings.TrimSuffix(text, u.Host) == u.Scheme+"://"
}

func (s *Settings) proxies() ([]netip.Prefix, error) {
	var out []netip.Prefix
	var errs []error
	for _, text := range s.Proxies {
		p, err := netip.ParsePrefix(text)
		if err != nil {
			errs = append(errs, fmt.Errorf("--proxies: %q is no network", text))
		}
		out = append(out, p)
	}
	return out, errors.Join(errs...)
}

// options are the settings in the terms of the app.
func (s *Settings) options() (app.Options, error) {
	secret, err := s.secret()
	if err != nil {
		return app.Options{}, err
	}
	sender, err := s.sender()
	if err != nil {
		return app.Options{}, err
	}
	proxies, err := s.proxies()
	o := app.Options{Secret: secret, SMS: sender, Log: s.logger(), Proxies: proxies, Origins: s.Origins, Origin: s.PublicURL, Keys: s.keys()}
	if s.PerMinute > 0 {
		o.Limits.PerClient = web.Limit{Every: time.Minute / time.Duration(s.PerMinute), Burst: s.PerMinute}
	}
	return o, err
}

func (s *Settings) sender() (sms.Sender, error) {
	if s.SMSURL == "" {
		return sms.NewConsole(os.Stdout), nil
	}
	return sms.NewGateway(s.SMSURL, s.SMSToken)
}

func (s *Settings) logger() *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(s.LogLevel)) // kong has checked it
	o := &slog.HandlerOptions{Level: level}
	if s.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(os.Stderr, o))
	}
	return slog.New(slog.NewTextHandler(os.Stderr, o))
}

// secret is the one given, or the one kept beside a SQLite database, made at the
// first start. Servers that share a PostgreSQL must be given the same one.
func (s *Settings) secret() ([]byte, error) {
	if s.Secret != "" {
		return hex.DecodeString(s.Secret)
	}
	name := s.beside("linli.secret")
	text, err := os.ReadFile(name)
	if errors.Is(err, os.ErrNotExist) {
		return makeSecret(name)
	}
	if err != nil {
		return nil, err
	}
	secret, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(secret) < 32 {
		return nil, fmt.Errorf("%s holds no key; delete it to have a new one made, which signs everybody out", name)
	}
	return secret, nil
}

// beside is a file in the directory of a SQLite database, or in this one.
func (s *Settings) beside(name string) string {
	if strings.Contains(s.Database, "://") {
		return name
	}
	return filepath.Join(filepath.Dir(s.Database), name)
}

// keys is the file with the keys that sign certificates.
func (s *Settings) keys() string {
	if s.Keys != "" {
		return s.Keys
	}
	return s.beside("linli.keys")
}

// address is where people reach a server that listens there, when nothing else is
// said: good for a try on one machine.
func (s *Settings) address(listen string) string {
	if s.PublicURL != "" {
		return s.PublicURL
	}
	host, port, err := net.SplitHostPort(listen)
	if ip := net.ParseIP(host); err != nil || host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port)
}

func makeSecret(name string) ([]byte, error) {
	secret := make([]byte, 32)
	_, _ = rand.Read(secret) // never fails (crypto/rand)
	return secret, os.WriteFile(name, []byte(hex.EncodeToString(secret)+"\n"), 0o600)
}
