package roster

import (
	"time"

	"linli/internal/kit/fault"
)

// State is how far a file has come.
type State string

const (
	Checking  State = "checking"
	Checked   State = "checked"
	Importing State = "importing"
	Done      State = "done"
	Cancelled State = "cancelled"
	Broken    State = "broken" // cannot be read; nothing was taken from it
)

// Label is the word on the page; id of its translation.
func (s State) Label() string {
	switch s {
	case Checking:
		return "正在检查"
	case Checked:
		return "等您确认"
	case Importing:
		return "正在导入"
	case Done:
		return "导入好了"
	case Cancelled:
		return "没有导入"
	case Broken:
		return "打不开"
	}
	return string(s)
}

// Working says whether the file moves on by itself.
func (s State) Working() bool { return s == Checking || s == Importing }

// Counts are the rows of a file by what becomes of them.
type Counts struct {
	New     int `json:"new" doc:"新登记的"`
	Changed int `json:"changed" doc:"有更新的"`
	Same    int `json:"same" doc:"和现在一样的"`
	Bad     int `json:"bad" doc:"有问题的"`
}

// Rows is how many there are.
func (c Counts) Rows() int { return c.New + c.Changed + c.Same + c.Bad }

func (c *Counts) add(v Verdict) {
	switch v {
	case New:
		c.New++
	case Changed:
		c.Changed++
	case Same:
		c.Same++
	case Bad:
		c.Bad++
	}
}

// File is an uploaded roster, without its bytes.
type File struct {
	District int       `json:"-"`
	ID       string    `json:"id" doc:"这一次导入"`
	Place    string    `json:"place" doc:"放到哪个社区、街道或区县"`
	Name     string    `json:"name" doc:"文件名"`
	State    State     `json:"state" enum:"checking,checked,importing,done,cancelled,broken" doc:"checking 正在检查，checked 等您确认，importing 正在导入，done 导入好了，cancelled 没有导入，broken 打不开"`
	Row      int       `json:"-"` // of the sheet, the last that was dealt with in this state
	Read     int       `json:"rows_read" doc:"这一步处理到第几行"`
	All      int       `json:"rows" doc:"一共几行，检查时是估计的"`
	Counts   Counts    `json:"counts"`
	Taken    int       `json:"taken" doc:"已经写进去几行"`
	LeaveOut bool      `json:"leave_out" doc:"有问题的行先不要"`
	Problem  Remark    `json:"-"`
	SentBy   string    `json:"-"` // person id
	SentAt   time.Time `json:"sent_at" doc:"什么时候传的"`
	EndedAt  time.Time `json:"-"` // zero until then
}

// mayConfirm says whether the rows of the file can be taken.
func (f File) mayConfirm(leaveOut bool) error {
	switch {
	case f.State == Checking:
		return fault.Conflict("还在检查，查完再确认。")
	case f.State != Checked:
		return fault.Conflict("这份花名册已经处理过了。")
	case f.Counts.Bad > 0 && !leaveOut:
		return fault.Invalid("leave_out", "有 %d 行有问题。请改好文件重新传，或者选“先不要这几行”。", f.Counts.Bad)
	case f.Counts.New+f.Counts.Changed == 0:
		return fault.Conflict("没有要导入的：每一行都和现在一样，或者有问题。")
	}
	return nil
}

// Finding is what is to be said of one row.
type Finding struct {
	Row     int
	Verdict Verdict
	Remarks []Remark
}
