package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"linli/internal/feature/plan"
)

type planCommand struct {
	Orders     string `required:"" type:"existingfile" help:"XLSX or CSV with the headings of 需求清单; 需求类别 must be there."`
	Volunteers string `required:"" type:"existingfile" help:"XLSX or CSV with the headings of 志愿者花名册; 姓名 and 专业技能 must be there."`
	Out        string `required:"" help:"File to write, .xlsx or .csv; of .csv the other tables are written beside it." placeholder:"FILE"`
	Quiet      bool   `help:"Draw no progress."`
}

// Run plans and prints what came out.
func (c *planCommand) Run(w *work) error {
	begun := time.Now()
	t, p, err := plan.Files(w.ctx, plan.Options{Orders: c.Orders, Helpers: c.Volunteers, Out: c.Out, Now: begun, Progress: c.draw()})
	if !c.Quiet {
		fmt.Fprintf(os.Stderr, "\r%60s\r", "")
	}
	if err != nil {
		return err
	}
	c.tell(os.Stdout, t, p, time.Since(begun))
	return nil
}

func (c *planCommand) draw() func(what string, part float64) {
	bars := map[string]func(done, total int){}
	return func(what string, part float64) {
		if c.Quiet {
			return
		}
		if bars[what] == nil {
			bars[what] = bar(what)
		}
		bars[what](int(part*1000), 1000)
	}
}

// tell says how good the plan is, beside giving each order in turn to the nearest.
func (c *planCommand) tell(out io.Writer, t *plan.Tables, p *plan.Plan, took time.Duration) {
	fmt.Fprintf(out, "需求 %d 单（已办完的 %d 单不排），志愿者 %d 位，能去的组合 %d 种，用了 %.1f 秒\n",
		len(t.Orders), t.Done, len(t.Helpers), p.Pairs, took.Seconds())
	for _, line := range []struct {
		name string
		plan.Sums
	}{{"这份排单", p.Best}, {"先来先派", p.FirstCome}} {
		fmt.Fprintf(out, "%s：派出 %d 人次，没派出 %d 人次，共走 %d 分钟，一个人一周最多 %d 单\n",
			line.name, line.Served, line.Unserved, line.Minutes, line.Heaviest)
	}
	fmt.Fprintf(out, "缺人的有 %d 处，没读懂的有 %d 处，都写在 %s\n", len(p.Shortages), len(t.Remarks), c.Out)
}
