package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestPlanFromTwoSpreadsheets(t *testing.T) {
	dir := writeFiles(t, map[string]string{
		"needs.csv":  "需求类别,服务对象,期望时间,所在网格\n理发,孟桂兰,周六上午,邮电园社区第三网格\n",
		"roster.csv": "姓名,居住区域,专业技能,可服务时间\n韩立新,邮电园社区,理发,周末\n",
	})
	file := func(name string) string { return filepath.Join(dir, name) }
	err := run(t.Context(), []string{"plan", "--orders", file("needs.csv"), "--volunteers", file("roster.csv"), "--out", file("plan.xlsx"), "--quiet"})
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(file("plan.xlsx")); err != nil || info.Size() < 1000 {
		t.Errorf("%+v, %v", info, err)
	}
}

func TestPlanRefusesFlags(t *testing.T) {
	for _, args := range [][]string{{"plan"}, {"plan", "--orders", "none.xlsx", "--volunteers", "none.xlsx", "--out", "plan.xlsx"}} {
		if err := run(t.Context(), args); err == nil {
			t.Errorf("%q is taken", args)
		}
	}
}
