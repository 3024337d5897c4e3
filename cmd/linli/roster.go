package main

import (
	"fmt"
	"os"
	"strings"

	"linli/internal/feature/roster"
)

type importVolunteers struct {
	File     string `arg:"" type:"existingfile" help:"XLSX or CSV with the headings of 志愿者花名册."`
	Place    string `required:"" help:"Community of those whose row names no other, as 130104016901."`
	Check    bool   `xor:"taking" help:"Only say what would become of the rows."`
	LeaveOut bool   `xor:"taking" help:"Take the rows that are right even when others are not."`
	Quiet    bool   `help:"Do not list what is wrong with single rows."`
}

// Run takes in a roster; running it again changes nothing.
func (c *importVolunteers) Run(w *work) error {
	a, close, err := open(w, nil)
	if err != nil {
		return err
	}
	defer close()
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	report, err := a.ImportVolunteers(w.ctx, c.Place, f, info.Size(), c.options())
	fmt.Fprintf(os.Stderr, "\r%60s\r", "")
	fmt.Printf("新 %d，改 %d，没变 %d，有问题 %d；导入 %d\n", report.New, report.Changed, report.Same, report.Bad, report.Taken)
	return err
}

func (c *importVolunteers) options() roster.Options {
	draw := map[bool]func(done, total int){false: bar("检查"), true: bar("导入")}
	return roster.Options{
		Check: c.Check, LeaveOut: c.LeaveOut,
		Progress: func(taking bool, n int, part float64) { draw[taking](n, int(float64(n)/max(part, 0.001))) },
		Found: func(f roster.Finding) {
			if !c.Quiet {
				fmt.Printf("\r第 %d 行：%s\n", f.Row, remarks(f.Remarks))
			}
		},
	}
}

// remarks says what is wrong with a row.
func remarks(list []roster.Remark) string {
	var said []string
	for _, r := range list {
		text := fmt.Sprintf(r.Msg, r.Args...)
		if r.Heading != "" {
			text = r.Heading + "：" + text
		}
		said = append(said, text)
	}
	return strings.Join(said, "；")
}
