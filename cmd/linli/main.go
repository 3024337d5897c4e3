// Command linli runs a community, a street or a district on which neighbours help
// neighbours: the server, its demo, imports, checks and benchmarks.
package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"linli/internal/kit/config"
)

// commands is the whole command line.
type commands struct {
	Settings

	Serve   serveCommand  `cmd:"" help:"Run the server."`
	Demo    demoCommand   `cmd:"" help:"Run with a demo of five real places, on a data directory of its own."`
	Config  configCommand `cmd:"" help:"Show the settings."`
	Import  importCommand `cmd:"" help:"Take in files."`
	Plan    planCommand   `cmd:"" help:"Plan who helps whom from two spreadsheets, without a server or a database."`
	Signing keysCommand   `cmd:"" name:"keys" help:"The keys that sign certificates."`
	Verify  verifyCommand `cmd:"" help:"Check a certificate (Open Badges 3.0, Verifiable Credential) without a network: exit code 0 when it holds, 1 when not."`
	Check   checkCommand  `cmd:"" help:"Check that the books of a database hold."`
	Audit   auditCommand  `cmd:"" help:"Check that nothing was rewritten, from a copy of a database."`
	Bench   benchCommand  `cmd:"" help:"Measure a running server, or the matching engine."`
}

// Validate looks at the settings and at the flags of the commands together, so
// that one start names everything; kong calls it, and would stop at the first.
func (c *commands) Validate() error {
	errs := []error{c.Settings.Validate()}
	for _, addr := range []string{c.Serve.Addr, c.Demo.Addr} {
		if _, err := net.ResolveTCPAddr("tcp", addr); err != nil && addr != "" {
			errs = append(errs, fmt.Errorf("--addr: %w", err))
		}
	}
	if c.Demo.Live < 0 {
		errs = append(errs, errors.New("--live: must not be negative"))
	}
	return errors.Join(errs...)
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "linli:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	var c commands
	if len(args) == 0 {
		args = []string{"--help"}
	}
	s, err := config.Parse(&c, args, config.Options{
		Prefix: "LINLI", File: "linli.conf",
		Kong: []kong.Option{kong.Name("linli"), kong.Description("Neighbours helping neighbours: 点单、派单、接单、服务、评单.")},
	})
	if err == nil {
		err = unused(s, &c.Settings)
	}
	if err != nil {
		return fmt.Errorf("the settings cannot be used:\n%w", err)
	}
	err = s.Run(&work{ctx: ctx, settings: &c.Settings, shown: s})
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// work is what every command is given.
type work struct {
	ctx      context.Context
	settings *Settings
	shown    *config.Settings
}
