package config

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"
)

// sample is a grammar as a program has it.
type sample struct {
	Flag
	Database string        `default:"linli.db" secret:"url" help:"Where everything is kept."`
	Secret   string        `secret:"true" help:"Signs."`
	Wait     time.Duration `default:"5s" help:"How long."`
	MaxBody  int           `default:"64" help:"In KB."`
	Level    string        `enum:"debug,info" default:"info" help:"Of the log."`
	Verbose  bool          `help:"Talk."`
	Origins  []string      `help:"Who may post."`

	Serve struct {
		Addr string `default:":80" help:"Where to listen."`
	} `cmd:"" help:"Serve."`
	Idle struct{} `cmd:"" help:"Do nothing."`
}

// Validate looks at several settings together.
func (s *sample) Validate() error {
	if s.MaxBody > 1000 && s.Wait < time.Second {
		return errors.New("a large body needs a longer wait")
	}
	return nil
}

func parseSample(t *testing.T, file string, env map[string]string, args ...string) (*sample, *Settings, error) {
	t.Helper()
	var s sample
	name := filepath.Join(t.TempDir(), "linli.conf")
	if file != "" {
		if err := os.WriteFile(name, []byte(file), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	set, err := Parse(&s, args, Options{
		Prefix: "LINLI", File: name,
		Lookup: func(k string) (string, bool) { v, ok := env[k]; return v, ok },
		Kong:   []kong.Option{kong.Name("linli"), kong.Exit(func(int) {}), kong.Writers(t.Output(), t.Output())},
	})
	return &s, set, err
}

func TestFlagBeforeEnvironmentBeforeFileBeforeDefault(t *testing.T) {
	file := "# comment\n\nwait = 1m\nmax-body=2\n level = debug \norigins = https://a.example, https://b.example\naddr = :9000\n"
	env := map[string]string{"LINLI_WAIT": "2m", "LINLI_MAX_BODY": "3", "LINLI_VERBOSE": "true"}
	s, set, err := parseSample(t, file, env, "serve", "--max-body=4")
	if err != nil {
		t.Fatal(err)
	}
	if s.MaxBody != 4 || s.Wait != 2*time.Minute || s.Level != "debug" || s.Database != "linli.db" || !s.Verbose {
		t.Errorf("%+v", s)
	}
	if s.Serve.Addr != ":9000" || len(s.Origins) != 2 || set.Command() != "serve" {
		t.Errorf("%+v", s)
	}
}

func TestAllMistakesAtOnce(t *testing.T) {
	file := "wait = soon\nlevle = debug\nnonsense\nmax-body = 5\nmax-body = 6\n"
	_, _, err := parseSample(t, file, map[string]string{"LINLI_LEVEL": "loud"}, "serve", "--max-body", "many")
	for _, want := range []string{
		`linli.conf:1: --wait:`, `LINLI_LEVEL: --level: must be one of debug, info, not "loud"`,
		`command line: --max-body:`, `linli.conf:2: there is no setting "levle"`,
		`linli.conf:3: want NAME = VALUE`, `linli.conf:5: max-body was set on line 4 already`,
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v\nlacks %s", err, want)
		}
	}
	if n := strings.Count(err.Error(), "\n") + 1; n != 6 {
		t.Errorf("%d mistakes: %v", n, err)
	}
}

func TestRulesOverSeveralSettings(t *testing.T) {
	_, _, err := parseSample(t, "max-body = 2000\nwait = 5ms\n", nil, "idle")
	if err == nil || !strings.Contains(err.Error(), "longer wait") {
		t.Error(err)
	}
}

func TestWhereTheFileIs(t *testing.T) {
	other := filepath.Join(t.TempDir(), "other.conf")
	if err := os.WriteFile(other, []byte("level = debug\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"idle", "--config", other}, {"--config=" + other, "idle"}} {
		if s, _, err := parseSample(t, "level = loud", nil, args...); err != nil || s.Level != "debug" {
			t.Errorf("%q: %v", args, err)
		}
	}
	if s, _, err := parseSample(t, "", map[string]string{"LINLI_CONFIG": other}, "idle"); err != nil || s.Level != "debug" {
		t.Errorf("by the environment: %v", err)
	}
	if s, _, err := parseSample(t, "", nil, "idle"); err != nil || s.Level != "info" {
		t.Errorf("the usual file need not be there: %v", err)
	}
	if _, _, err := parseSample(t, "", nil, "idle", "--config", other+"x"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file that is named must be there: %v", err)
	}
	if _, _, err := parseSample(t, "", nil, "idle", "--colour=red"); err == nil {
		t.Error("an unknown flag")
	}
}

func TestShowMasksSecrets(t *testing.T) {
	env := map[string]string{"LINLI_SECRET": "hunter2", "LINLI_DATABASE": "postgres://linli:hunter2@db/linli?password=hunter2&sslmode=require"}
	_, set, err := parseSample(t, "wait = 1m\n", env, "idle", "--level=debug", "--origins=a,b")
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := set.Show(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"# Where everything is kept.\n# from LINLI_DATABASE\ndatabase = postgres://linli:xxxxxx@db/linli?password=xxxxxx&sslmode=require\n",
		"secret = ••••••\n", "linli.conf:1\nwait = 1m0s\n", "# from the command line\nlevel = debug\n",
		"origins = a,b\n", "# default; $LINLI_MAX_BODY\nmax-body = 64\n",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("lacks %q in\n%s", want, b.String())
		}
	}
	if strings.Contains(b.String(), "hunter2") {
		t.Errorf("a secret is shown:\n%s", b.String())
	}
	if got := withoutPassword("postgres://bad host\x00:hunter2@"); got != mask {
		t.Errorf("an address that cannot be read: %s", got)
	}
	if got := withoutPassword("数据/linli.db"); got != "数据/linli.db" {
		t.Errorf("a path: %s", got)
	}
}

func TestHelpNamesTheEnvironment(t *testing.T) {
	var b bytes.Buffer
	var s sample
	_, err := Parse(&s, []string{"serve", "--help"}, Options{Prefix: "LINLI",
		Kong: []kong.Option{kong.Name("linli"), kong.Exit(func(int) {}), kong.Writers(&b, &b)}})
	if err != nil {
		t.Error(err)
	}
	if !strings.Contains(b.String(), "$LINLI_MAX_BODY") || !strings.Contains(b.String(), "$LINLI_ADDR") {
		t.Errorf("%s", b.String())
	}
}
