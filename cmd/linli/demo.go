package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"linli/internal/app"
	"linli/internal/app/demo"
)

type demoCommand struct {
	Data string `help:"Data directory; must be empty or hold an earlier demo. Default: a fresh one." placeholder:"DIR" type:"path"`
	Addr string `default:"127.0.0.1:8080" help:"Where to listen."`
	Live int    `help:"Keep the place alive: so many simulated orders a minute." placeholder:"N"`
	Seed uint64 `default:"1" help:"Other seeds give other people."`
}

// Run serves at once and loads the demo while it serves.
func (c *demoCommand) Run(w *work) error {
	if err := c.directory(); err != nil {
		return err
	}
	w.settings.Database = filepath.Join(c.Data, "linli.db")
	d, err := demo.Prepare(c.Data, c.Seed)
	if err == nil && d.Seed() != c.Seed && slices.Contains(w.shown.Typed(), "seed") {
		err = fmt.Errorf("--seed: %s holds the demo of seed %d; another seed needs another directory", c.Data, d.Seed())
	}
	if err != nil {
		return err
	}
	a, close, err := open(w, func(o *app.Options) {
		d.Options(o)
		o.Origin = w.settings.address(c.Addr)
	})
	if err != nil {
		return err
	}
	defer close()
	l, err := net.Listen("tcp", c.Addr)
	if err != nil {
		return err
	}
	return c.run(w.ctx, a, d, l)
}

func (c *demoCommand) directory() (err error) {
	if c.Data == "" {
		c.Data, err = os.MkdirTemp("", "linli-demo-")
		return err
	}
	return os.MkdirAll(c.Data, 0o700)
}

// run loads what the first page needs, says how to get in, and goes on loading
// behind the running server.
func (c *demoCommand) run(ctx context.Context, a *app.App, d *demo.Demo, l net.Listener) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	begun := time.Now()
	if err := d.Essential(ctx, a); err != nil {
		return err
	}
	c.greet(d, l.Addr())
	var wg sync.WaitGroup
	defer wg.Wait()
	wg.Go(func() {
		err := d.Rest(ctx, a)
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, "linli: the demo is not complete:", err)
			return
		}
		fmt.Printf("演示数据都装好了，用了 %.1f 秒。\n", time.Since(begun).Seconds())
		if c.Live > 0 {
			d.Live(ctx, a, c.Live)
		}
	})
	err := a.Run(ctx, l, 0)
	stop()
	return err
}

// greet prints the address and one way in for each role.
func (c *demoCommand) greet(d *demo.Demo, addr net.Addr) {
	base := "http://" + addr.String()
	fmt.Printf("\n邻里 Linli 演示  %s\n数据在 %s，账号都在 %s\n\n", base, c.Data, filepath.Join(c.Data, "accounts.json"))
	for _, door := range d.Doors() {
		fmt.Printf("  %-18s %s，%s\n    %s%s\n", door.Role, door.Name, door.Place, base, door.Href)
	}
	fmt.Println()
}
