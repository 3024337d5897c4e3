package main

import (
	"fmt"
	"os"
	"time"

	"linli/internal/app/bench"
)

type benchCommand struct {
	Loop  benchLoop  `cmd:"" help:"Drive whole loops over the API, from the sentence to the three evaluations."`
	Match benchMatch `cmd:"" help:"Solve minimum-cost-flow files of the DIMACS format with the matching engine."`
}

type benchLoop struct {
	URL      string        `name:"url" default:"http://127.0.0.1:8080" help:"The running server."`
	Accounts string        `required:"" type:"existingfile" help:"accounts.json of the demo that the server runs."`
	Clients  int           `default:"16" help:"How many loops go on at once."`
	For      time.Duration `default:"30s" help:"How long new loops are begun."`
	Seed     uint64        `default:"1" help:"The same seed plays the same orders."`
}

// Validate looks at the flags together; kong calls it.
func (c *benchLoop) Validate() error {
	if c.Clients < 1 || c.For <= 0 {
		return fmt.Errorf("--clients and --for must be more than nothing")
	}
	return nil
}

// Run measures and prints.
func (c *benchLoop) Run(w *work) error {
	accounts, err := bench.ReadAccounts(c.Accounts)
	if err != nil {
		return err
	}
	report, err := bench.Loop(w.ctx, bench.Options{URL: c.URL, Accounts: accounts, Clients: c.Clients, For: c.For, Seed: c.Seed})
	if err != nil {
		return err
	}
	return report.Write(os.Stdout)
}
