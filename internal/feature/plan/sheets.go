package plan

import (
	"fmt"
	"strconv"

	"linli/internal/core/transfer"
)

// table is one to be written.
type table struct {
	form transfer.Form
	rows int
	row  func(n int) []transfer.Cell
}

// sheets are the four tables of a plan.
func (t *Tables) sheets(p *Plan) []table {
	return []table{
		{visitForm(), len(p.Visits), func(n int) []transfer.Cell { return t.visitCells(n, &p.Visits[n]) }},
		{leftForm(), len(p.Left), func(n int) []transfer.Cell { return t.leftCells(n, &p.Left[n]) }},
		{shortageForm(), len(p.Shortages), func(n int) []transfer.Cell { return shortageCells(n, &p.Shortages[n]) }},
		{remarkForm(), len(t.Remarks), func(n int) []transfer.Cell { return remarkCells(n, &t.Remarks[n]) }},
	}
}

func visitForm() transfer.Form {
	return transfer.Form{Title: "派单表", Headings: []transfer.Heading{
		{Name: "序号", Width: 6}, {Name: "需求编号", Width: 18}, {Name: "需求行", Width: 7}, {Name: "服务类别", Width: 14}, {Name: "服务对象", Width: 12},
		{Name: "所在网格", Width: 16}, {Name: "服务地点", Width: 28}, {Name: "志愿者姓名", Width: 12}, {Name: "志愿者编号", Width: 19},
		{Name: "联系电话", Width: 15}, {Name: "什么时候", Width: 28}, {Name: "步行分钟", Width: 9}, {Name: "为什么派这位", Width: 48},
	}}
}

func (t *Tables) visitCells(n int, v *Visit) []transfer.Cell {
	o, h := &t.orders[v.Order], &t.helpers[v.Helper]
	minutes := transfer.Text("")
	if v.Minutes >= 0 {
		minutes = transfer.Number(int64(v.Minutes))
	}
	return append(t.orderCells(n, o), transfer.Text(h.name), transfer.Text(h.no), transfer.Text(h.phone),
		transfer.Text(clockText(v)), minutes, transfer.Text(t.reasons(v)))
}

// orderCells are the columns with which rows about an order begin.
func (t *Tables) orderCells(n int, o *orderRow) []transfer.Cell {
	return []transfer.Cell{
		transfer.Number(int64(n + 1)), transfer.Text(o.no), transfer.Text(o.row), transfer.Text(o.service), transfer.Text(o.who),
		transfer.Text(o.where), transfer.Text(o.address),
	}
}

func leftForm() transfer.Form {
	return transfer.Form{Title: "没派出去的", Headings: []transfer.Heading{
		{Name: "序号", Width: 6}, {Name: "需求编号", Width: 18}, {Name: "需求行", Width: 7}, {Name: "服务类别", Width: 14}, {Name: "服务对象", Width: 12},
		{Name: "所在网格", Width: 16}, {Name: "服务地点", Width: 28}, {Name: "期望时间", Width: 20}, {Name: "紧急程度", Width: 10},
		{Name: "还缺几位", Width: 9}, {Name: "为什么没派出去", Width: 56},
	}}
}

func (t *Tables) leftCells(n int, l *Left) []transfer.Cell {
	o := &t.orders[l.Order]
	return append(t.orderCells(n, o), transfer.Text(o.when), transfer.Text(o.urgency),
		transfer.Number(int64(l.People)), transfer.Text(t.why(l)))
}

func shortageForm() transfer.Form {
	return transfer.Form{Title: "缺什么人", Headings: []transfer.Heading{
		{Name: "序号", Width: 6}, {Name: "服务类别", Width: 14}, {Name: "哪里", Width: 18}, {Name: "什么时候", Width: 12}, {Name: "没派出去几位", Width: 12},
		{Name: "多一位志愿者能多派几单", Width: 22}, {Name: "多去一次能省多少分", Width: 18}, {Name: "说明", Width: 56},
	}}
}

func shortageCells(n int, s *Shortage) []transfer.Cell {
	where := s.Where
	if where == "" {
		where = "没写在哪里"
	}
	words := fmt.Sprintf("%s，%s：会%s的人不够，还差 %d 人次；多一位每周能来的，可以多派 %d 单。", where, s.When, s.Service.Name, s.People, s.More)
	return []transfer.Cell{
		transfer.Number(int64(n + 1)), transfer.Text(s.Service.Name), transfer.Text(where), transfer.Text(s.When),
		transfer.Number(int64(s.People)), transfer.Number(int64(s.More)), transfer.Number(int64(s.Saves)), transfer.Text(words),
	}
}

func remarkForm() transfer.Form {
	return transfer.Form{Title: "没读懂的", Headings: []transfer.Heading{
		{Name: "序号", Width: 6}, {Name: "哪张表", Width: 14}, {Name: "第几行", Width: 8}, {Name: "哪一列", Width: 14}, {Name: "问题", Width: 56},
	}}
}

func remarkCells(n int, r *Remark) []transfer.Cell {
	return []transfer.Cell{
		transfer.Number(int64(n + 1)), transfer.Text(r.Sheet), transfer.Text(strconv.Itoa(r.Row)), transfer.Text(r.Heading), transfer.Text(r.Text),
	}
}
