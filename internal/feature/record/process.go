package record

import (
	"linli/internal/core/access"
	"linli/internal/core/process"
)

// States of an objection and of a manual entry.
const (
	Open     process.State = "open"
	Upheld   process.State = "upheld"
	Rejected process.State = "rejected"
	Approved process.State = "approved"
	Refused  process.State = "refused"
	TakenUp  process.State = "retracted"
)

// Steps of both.
const (
	StepCorrection = "correction"
	StepWithdrawal = "withdrawal"
	StepRejection  = "rejection"
	StepRetraction = "retraction"
	StepApproval   = "approval"
	StepRefusal    = "refusal"
)

// Objections is the way of an objection 异议, or of a volunteer's own wish for a
// correction.
var Objections = process.Table{
	Name:    "objection",
	Version: 1,
	States: []process.StateInfo{
		{Name: Open, Label: "等答复"},
		{Name: Upheld, Label: "属实，已改", End: true},
		{Name: Rejected, Label: "核实过，不改", End: true},
		{Name: TakenUp, Label: "自己收回了", End: true},
	},
	Steps: []process.Step{
		{Name: StepCorrection, Label: "属实，更正", From: []process.State{Open}, To: Upheld, Permission: access.RecordDecide},
		{Name: StepWithdrawal, Label: "属实，作废", From: []process.State{Open}, To: Upheld, Permission: access.RecordDecide},
		{Name: StepRejection, Label: "核实过，不用改", From: []process.State{Open}, To: Rejected, Permission: access.RecordDecide},
		{Name: StepRetraction, Label: "不提了，收回", From: []process.State{Open}, To: TakenUp, Permission: access.RecordObject},
	},
}

// Entries is the way of a manual entry 补录.
var Entries = process.Table{
	Name:    "entry",
	Version: 1,
	States: []process.StateInfo{
		{Name: Open, Label: "等别的单位批"},
		{Name: Approved, Label: "批了，已记录", End: true},
		{Name: Refused, Label: "没批", End: true},
		{Name: TakenUp, Label: "自己收回了", End: true},
	},
	Steps: []process.Step{
		{Name: StepApproval, Label: "看过证明，批准", From: []process.State{Open}, To: Approved, Permission: access.RecordApprove},
		{Name: StepRefusal, Label: "不批", From: []process.State{Open}, To: Refused, Permission: access.RecordApprove},
		{Name: StepRetraction, Label: "不补了，收回", From: []process.State{Open}, To: TakenUp, Permission: access.RecordEnter},
	},
}
