package category

import "slices"

// Urgency is how soon somebody has to come, by the words of the sentence; a day
// or an hour that is named makes nothing urgent.
type Urgency string

// The closed set of urgencies.
const (
	Normal    Urgency = "normal"
	Soon      Urgency = "soon"      // wants it quickly, no hour given: 尽快
	Urgent    Urgency = "urgent"    // now, or harm is being done: 马上, water on the floor
	Emergency Urgency = "emergency" // life is in danger: a public number comes first
)

// needed is what the words of an urgency must be worth to be believed.
const needed = 5.0

// urgency is the gravest that is believed, with what to do first in an
// emergency. "No hurry" overrules all but danger.
func (rd *reading) urgency() (Urgency, string) {
	totals := rd.sum('!', rd.alarm)
	for _, t := range totals {
		if advice := adviceFor(t.key); advice != "" && t.worth >= needed {
			return Emergency, advice
		}
	}
	said := func(kind string) bool {
		return slices.ContainsFunc(totals, func(t total) bool { return t.key == kind && t.worth >= needed })
	}
	switch {
	case said("calm"):
		return Normal, ""
	case said("urgent"):
		return Urgent, ""
	case said("soon"):
		return Soon, ""
	}
	return Normal, ""
}

// adviceFor is the sentence for a kind of danger; it is the message id of its
// translation. 120, 119 and 110 are the national numbers, 12356 the national
// line for psychological help.
func adviceFor(kind string) string {
	switch kind {
	case "medical":
		return "先打 120 急救电话，别挪动病人。服务站也会马上打给您。"
	case "fire":
		return "先打 119，人先出来，别坐电梯。服务站也会马上打给您。"
	case "gas":
		return "先开窗，别开关电器，人到屋外再打燃气公司电话或 119。"
	case "police":
		return "先打 110 报警，躲到安全的地方。服务站也会马上打给您。"
	case "missing":
		return "先打 110 报警，说清穿什么、往哪边走的。服务站也会帮着一起找。"
	case "crisis":
		return "您不是一个人。现在就可以打 12356，有人听您说。服务站也会马上打给您。"
	}
	return ""
}
