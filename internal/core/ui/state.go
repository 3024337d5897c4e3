package ui

import "context"

// State is the key of a state's colour (data-s in the style sheet).
type State string

const (
	New   State = "new"   // asked; also: information
	Sent  State = "sent"  // offered to somebody
	Taken State = "taken" // accepted
	Doing State = "doing" // being served; also: careful
	Rate  State = "rate"  // waiting for evaluation
	Done  State = "done"  // done; also: good news
	Late  State = "late"  // an overlay: overdue; also: wrong
	Off   State = "off"   // cancelled, out of use
)

// Audience is who reads the words of a state.
type Audience int

const (
	Station   Audience = iota // the people who dispatch
	Resident                  // who asked
	Volunteer                 // who helps
)

// StateWord is one row of the table of states.
type StateWord struct {
	State   State
	Process [3]string // the states of an order's process that are shown like this
	Words   [3]string // message ids, by Audience
	Lamps   int       // windows lit, 0 to 5; Late keeps those of the step it lies over
}

// StateWords is the one table of what a state is called and how it looks.
func StateWords() [8]StateWord {
	return [8]StateWord{
		{New, [3]string{"requested", "verified", "returned"}, [3]string{"待派单", "收到了，正在找人", "等人接"}, 1},
		{Sent, [3]string{"dispatched"}, [3]string{"待接单", "找到人了，等他答应", "派给您了，接不接？"}, 2},
		{Taken, [3]string{"accepted"}, [3]string{"已接单", "有人接了", "您接的"}, 3},
		{Doing, [3]string{"serving"}, [3]string{"服务中", "正在帮您办", "正在办"}, 3},
		{Rate, [3]string{"finished"}, [3]string{"待评单", "请您评一评", "请您评一评"}, 4},
		{Done, [3]string{"evaluated"}, [3]string{"已办好", "办好了", "办好了"}, 5},
		{Late, [3]string{}, [3]string{"超时", "还没找到人，在加急", "缺人，有点急"}, 1},
		{Off, [3]string{"cancelled"}, [3]string{"已取消", "取消了", "取消了"}, 0},
	}
}

// StateOf is how a state of the order process is shown; an unknown one is Off.
func StateOf(process string) State {
	for _, row := range StateWords() {
		for _, name := range row.Process {
			if name == process && name != "" {
				return row.State
			}
		}
	}
	return Off
}

// Word is what the state is called for this audience.
func (s State) Word(ctx context.Context, who Audience) string {
	return T(ctx, s.row().Words[who])
}

// Lamps is how many windows are lit, 0 to 5.
func (s State) Lamps() int { return s.row().Lamps }

func (s State) row() StateWord {
	for _, row := range StateWords() {
		if row.State == s {
			return row
		}
	}
	return StateWord{State: Off}
}
