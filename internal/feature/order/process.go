package order

import (
	"linli/internal/core/access"
	"linli/internal/core/process"
	"linli/internal/core/rule"
)

// The states, as the API names them.
const (
	Requested  process.State = "requested"
	Verified   process.State = "verified"
	Dispatched process.State = "dispatched"
	Accepted   process.State = "accepted"
	Serving    process.State = "serving"
	Finished   process.State = "finished"
	Evaluated  process.State = "evaluated"
	Returned   process.State = "returned"
	Cancelled  process.State = "cancelled"
)

// The steps, by the nouns of the API.
const (
	StepVerification = "verification"
	StepOffers       = "offers"
	StepAcceptance   = "acceptance"
	StepTaking       = "taking"
	StepStandby      = "standby"
	StepRefusal      = "refusal"
	StepWithdrawal   = "withdrawal"
	StepCheckIn      = "check-in"
	StepCheckOut     = "check-out"
	StepConfirmation = "confirmation"
	StepCompletion   = "completion"
	StepEvaluation   = "evaluation"
	StepReturn       = "return"
	StepCancellation = "cancellation"
	StepLapse        = "lapse"      // an offer's deadline passed
	StepHandBack     = "handback"   // nobody left to ask: back to the worker
	StepOverdue      = "overdue"    // a limit of the order passed
	StepEscalation   = "escalation" // still over its limit: reported to the street
	StepClosing      = "closing"    // the limit for evaluating passed
)

// Process is the step table; doc/order-process.md is drawn from it.
var Process = process.Table{
	Name:    "order",
	Version: 1,
	States: []process.StateInfo{
		{Name: Requested, Label: "待派单"},
		{Name: Verified, Label: "核实过，待派单"},
		{Name: Dispatched, Label: "待接单"},
		{Name: Accepted, Label: "已接单"},
		{Name: Serving, Label: "服务中"},
		{Name: Finished, Label: "待评单"},
		{Name: Evaluated, Label: "已办好", End: true},
		{Name: Returned, Label: "退回站里"},
		{Name: Cancelled, Label: "已取消", End: true},
	},
	Steps: []process.Step{
		{Name: StepVerification, Label: "核实过了，可以派", From: states(Requested, Returned), To: Verified, Permission: access.OrderVerify, Limit: rule.AnswerWorkdays},
		{Name: StepOffers, Label: "派单", From: states(Requested, Verified, Dispatched, Returned), To: Dispatched, Permission: access.OrderDispatch, Limit: rule.AnswerWorkdays},
		{Name: StepAcceptance, Label: "我来接", From: states(Dispatched), To: Accepted, Permission: access.OrderAnswer, Limit: rule.FinishWorkdays},
		{Name: StepTaking, Label: "我来接", From: states(Requested, Verified, Dispatched, Returned), To: Accepted, Permission: access.OrderTake, Limit: rule.FinishWorkdays},
		{Name: StepStandby, Label: "我候补", From: states(Requested, Verified, Dispatched, Accepted, Returned), Permission: access.OrderTake},
		{Name: StepRefusal, Label: "这次不行", From: states(Dispatched), Permission: access.OrderAnswer},
		{Name: StepWithdrawal, Label: "我去不了了", From: states(Dispatched, Accepted), To: Dispatched, Permission: access.OrderVisit, Limit: rule.AnswerWorkdays},
		{Name: StepCheckIn, Label: "到了，签到", From: states(Dispatched, Accepted, Serving), To: Serving, Permission: access.OrderVisit},
		{Name: StepCheckOut, Label: "办完，签退", From: states(Serving), Permission: access.OrderVisit},
		{Name: StepConfirmation, Label: "他来过，是真的", From: states(Serving, Finished, Evaluated), Permission: access.OrderCode},
		{Name: StepCompletion, Label: "办好了", From: states(Serving), To: Finished, Permission: access.OrderComplete, Limit: rule.EvaluateWorkdays},
		{Name: StepEvaluation, Label: "评一评", From: states(Finished), Permission: access.OrderEvaluate},
		{Name: StepReturn, Label: "退回站里", From: states(Dispatched, Accepted, Serving), To: Returned, Permission: access.OrderReturn, Limit: rule.AnswerWorkdays},
		{Name: StepCancellation, Label: "不要了", From: states(Requested, Verified, Dispatched, Accepted, Returned), To: Cancelled, Permission: access.OrderCancel},
		{Name: StepLapse, Label: "过时没应", From: states(Dispatched), Permission: access.OrderDispatch, Hidden: true},
		{Name: StepHandBack, Label: "没人应，交回站里", From: states(Dispatched), To: Returned, Permission: access.OrderDispatch, Hidden: true, Limit: rule.AnswerWorkdays},
		{Name: StepOverdue, Label: "超时了", From: states(Requested, Verified, Dispatched, Accepted, Serving, Returned), Permission: access.OrderDispatch, Hidden: true},
		{Name: StepEscalation, Label: "报街道", From: states(Requested, Verified, Dispatched, Accepted, Serving, Returned), Permission: access.OrderDispatch, Hidden: true},
		{Name: StepClosing, Label: "到期办结", From: states(Finished), To: Evaluated, Permission: access.OrderDispatch, Hidden: true},
	},
}

func states(s ...process.State) []process.State { return s }
