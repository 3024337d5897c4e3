package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"time"

	"linli/internal/app"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

type serveCommand struct {
	Addr  string        `default:"127.0.0.1:8080" help:"Where to listen."`
	Drain time.Duration `default:"0s" help:"How long to go on accepting after /readyz says no, so that a load balancer notices."`

	AdminName     string `help:"First start: name of the first administrator."`
	AdminPhone    string `help:"First start: mobile number of the first administrator."`
	AdminPassword string `secret:"true" help:"First start: password of the first administrator."`
}

// Run serves until it is told to stop.
func (c *serveCommand) Run(w *work) error {
	a, close, err := open(w, func(o *app.Options) { o.Origin = w.settings.address(c.Addr) })
	if err != nil {
		return err
	}
	defer close()
	if err := c.firstAdministrator(w.ctx, a, os.Stderr); err != nil {
		return err
	}
	l, err := net.Listen("tcp", c.Addr)
	if err != nil {
		return err
	}
	fmt.Printf("邻里 Linli  http://%s\n", l.Addr())
	return a.Run(w.ctx, l, c.Drain)
}

// open opens the database of the settings and makes the app on it.
func open(w *work, change func(*app.Options)) (*app.App, func(), error) {
	o, err := w.settings.options()
	if err != nil {
		return nil, nil, err
	}
	d, err := db.Open(w.ctx, w.settings.Database, db.Options{Synchronous: w.settings.Synchronous})
	if err != nil {
		return nil, nil, err
	}
	o.DB = d
	if change != nil {
		change(&o)
	}
	a, err := app.New(w.ctx, o)
	if err != nil {
		d.Close()
		return nil, nil, err
	}
	return a, func() { d.Close() }, nil
}

// firstAdministrator makes the account that makes all others. There is no default
// one: it is taken from the flags, or asked for.
func (c *serveCommand) firstAdministrator(ctx context.Context, a *app.App, notes io.Writer) error {
	has, err := a.HasAdministrator(ctx)
	if err != nil || has {
		if has && c.AdminName+c.AdminPhone+c.AdminPassword != "" {
			fmt.Fprintln(notes, "linli: there is an administrator already; --admin-name, --admin-phone and --admin-password are of the first start and change nothing")
		}
		return err
	}
	if c.AdminPhone == "" {
		if err := c.ask(); err != nil {
			return err
		}
	}
	return each(a.Bootstrap(ctx, c.AdminName, c.AdminPhone, c.AdminPassword))
}

// each spells out all that is wrong with what was typed.
func each(err error) error {
	if err == nil {
		return nil
	}
	var all []error
	for _, one := range fault.As(err).All() {
		all = append(all, one)
	}
	return errors.Join(all...)
}

var errNoAdministrator = errors.New("there is no administrator yet: give --admin-name, --admin-phone and --admin-password (or LINLI_ADMIN_…) at the first start")

// ask reads the first administrator from a terminal.
func (c *serveCommand) ask() error {
	if info, err := os.Stdin.Stat(); err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return errNoAdministrator
	}
	fmt.Println("还没有管理员。第一次启动，请填一下：")
	in := bufio.NewReader(os.Stdin)
	for _, q := range []struct {
		text string
		to   *string
	}{{"姓名", &c.AdminName}, {"手机号", &c.AdminPhone}, {"密码（至少 8 位，会显示在屏幕上）", &c.AdminPassword}} {
		fmt.Print(q.text, "：")
		line, err := in.ReadString('\n')
		if err != nil {
			return errNoAdministrator
		}
		*q.to = strings.TrimSpace(line)
	}
	return nil
}
