package certificate

import (
	"linli/internal/core/access"
	"linli/internal/core/process"
)

// The states, as the API names them.
const (
	Applied   process.State = "applied"
	Accepted  process.State = "accepted"
	Issued    process.State = "issued"
	Refused   process.State = "refused"
	Withdrawn process.State = "withdrawn"
	Revoked   process.State = "revoked"
)

// The steps, by the nouns of the API.
const (
	StepAcceptance = "acceptance"
	StepIssue      = "issue"
	StepRefusal    = "refusal"
	StepWithdrawal = "withdrawal"
	StepRevocation = "revocation"

	StepKeep = "confirmation" // of one in doubt; it changes no state
)

// Process is the step table: 申请→受理→开具→公示 (民发〔2015〕149号).
var Process = process.Table{
	Name:    "certificate",
	Version: 1,
	States: []process.StateInfo{
		{Name: Applied, Label: "等受理"},
		{Name: Accepted, Label: "等开具"},
		{Name: Issued, Label: "有效"},
		{Name: Refused, Label: "没有开", End: true},
		{Name: Withdrawn, Label: "不要了", End: true},
		{Name: Revoked, Label: "已撤销", End: true},
	},
	Steps: []process.Step{
		{Name: StepAcceptance, Label: "核对过了，受理", From: states(Applied), To: Accepted, Permission: access.CertificateIssue},
		{Name: StepIssue, Label: "开具", From: states(Accepted), To: Issued, Permission: access.CertificateIssue},
		{Name: StepRefusal, Label: "不能开", From: states(Applied, Accepted), To: Refused, Permission: access.CertificateIssue},
		{Name: StepWithdrawal, Label: "不要了", From: states(Applied, Accepted), To: Withdrawn, Permission: access.CertificateAsk},
		{Name: StepRevocation, Label: "撤销", From: states(Issued), To: Revoked, Permission: access.CertificateRevoke},
	},
}

func states(s ...process.State) []process.State { return s }
