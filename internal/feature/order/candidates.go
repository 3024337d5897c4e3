package order

import (
	"context"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/category"
	"linli/internal/core/identity"
	"linli/internal/core/person"
	"linli/internal/core/ui"
	"linli/internal/feature/org"
	"linli/internal/kit/db"
	"linli/match"
)

// CandidateView is somebody who could be asked, with reasons in words.
type CandidateView struct {
	Kind    string       `json:"kind" enum:"volunteer,team"`
	ID      string       `json:"id"`
	Name    string       `json:"name"`
	Score   int          `json:"score" doc:"四项相加，满分 4000"`
	Reasons []ReasonView `json:"reasons"`
	Phone   string       `json:"phone,omitempty" doc:"队伍的电话；志愿者的打了星号，要看全的写明为什么"`
}

// ReasonView is one reason: what it is about, in words, and the number behind it.
type ReasonView struct {
	Kind  string `json:"kind" enum:"skill,walk,load,continuity,rest,time,busy,size,excluded"`
	Text  string `json:"text"`
	Value int64  `json:"value"`
	Full  int    `json:"grade" doc:"0 没有，1 一半，2 满"`
}

// LeftOutView is somebody who is not in the list, with why.
type LeftOutView struct {
	Kind    string       `json:"kind" enum:"volunteer,team"`
	ID      string       `json:"id"`
	Name    string       `json:"name"`
	Reasons []ReasonView `json:"reasons"`
}

// Candidates is a ranking in words.
type Candidates struct {
	Items   []CandidateView `json:"items"`
	LeftOut []LeftOutView   `json:"left_out"`
}

// CandidatesMost is how long the list may be.
const CandidatesMost = 50

// Candidates ranks who could be asked for an order, each with the reasons, and
// says who was left out and why.
func (s *Service) Candidates(ctx context.Context, who access.Who, orderID string, limit int) (out Candidates, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		o, err := s.peek(tx, who, orderID)
		if err != nil {
			return err
		}
		if err := access.Check(who, access.OrderDispatch, o.ProcessTarget()); err != nil {
			return err
		}
		ranking, err := s.ranker.Rank(tx, o, min(max(limit, 1), CandidatesMost))
		if err != nil {
			return err
		}
		out, err = inWords(tx, o, ranking)
		return err
	})
	return out, err
}

func inWords(tx *db.Tx, o *Order, r match.Ranking) (out Candidates, err error) {
	w := wording{tx: tx, o: o}
	out = Candidates{Items: []CandidateView{}, LeftOut: []LeftOutView{}}
	for _, item := range r.Items {
		name, phone, err := w.who(item.Key)
		if err != nil {
			return out, err
		}
		out.Items = append(out.Items, CandidateView{
			Kind: string(item.Kind), ID: item.ID, Name: name, Phone: phone, Score: item.Score, Reasons: w.reasons(item.Key, item.Reasons),
		})
	}
	for _, left := range r.LeftOut {
		name, _, err := w.who(left.Key)
		if err != nil {
			return out, err
		}
		out.LeftOut = append(out.LeftOut, LeftOutView{
			Kind: string(left.Kind), ID: left.ID, Name: name, Reasons: w.reasons(left.Key, left.Causes),
		})
	}
	return out, nil
}

// wording puts the engine's reasons into the reader's language.
type wording struct {
	tx *db.Tx
	o  *Order
}

func (w wording) say(msg string, args ...any) string { return ui.T(w.tx.Context(), msg, args...) }

func (w wording) who(k match.Key) (name, phone string, err error) {
	if k.Kind == match.Team {
		t, _, err := org.Get(w.tx, w.o.District, k.ID)
		return t.Name, t.Phone, err
	}
	p, err := person.Get(w.tx, w.o.District, k.ID)
	return p.Name, identity.MaskPhone(p.Phone), err
}

func (w wording) reasons(k match.Key, list []match.Reason) []ReasonView {
	out := make([]ReasonView, len(list))
	for i, r := range list {
		out[i] = ReasonView{Kind: string(r.Kind), Text: w.text(k, r), Value: r.Value, Full: int(r.Grade)}
	}
	return out
}

// text is one reason as the worker would say it.
func (w wording) text(k match.Key, r match.Reason) string {
	switch r.Kind {
	case match.SkillReason:
		return w.skill(r)
	case match.WalkReason:
		return w.way(r)
	case match.LoadReason:
		return w.load(r)
	case match.ContinuityReason:
		if r.Value > 0 {
			return w.say("以前来过 %d 次", r.Value)
		}
		return w.say("还没来过这一家")
	case match.RestReason:
		return w.rest(r)
	case match.TimeReason:
		if r.Grade == match.Half {
			return w.say("没说过什么时候有空")
		}
		return w.say("那个时间没空")
	case match.BusyReason:
		return w.say("那个时间在办另一单，%s", calendar.WhenText(ui.PrefsOf(w.tx.Context()).Lang, time.Unix(r.Value, 0), w.tx.Now()))
	case match.SizeReason:
		return w.say("一次能来 %d 个人，要 %d 个", r.Value, r.Of)
	case match.ExcludedReason:
		return w.excluded(r.Value)
	}
	return string(r.Kind)
}

func (w wording) skill(r match.Reason) string {
	name := ""
	if service, ok := category.ByID(w.o.Category); ok {
		name = w.say(service.Name)
	}
	if r.Value == 0 {
		return w.say("会%s，还没办过", name)
	}
	return w.say("%s办过 %d 次", name, r.Value)
}

func (w wording) way(r match.Reason) string {
	switch {
	case r.Value < 0:
		return w.say("不知道住得远近")
	case r.Of > 0 && r.Value > r.Of:
		return w.say("走 %d 分钟，他说最多走 %d 分钟", r.Value, r.Of)
	}
	return w.say("走 %d 分钟", r.Value)
}

func (w wording) load(r match.Reason) string {
	switch {
	case r.Of == 0 && r.Value == 0:
		return w.say("这周没单")
	case r.Of == 0:
		return w.say("这周 %d 单", r.Value)
	case r.Value >= r.Of:
		return w.say("这周已满 %d 单", r.Value)
	case r.Value == 0:
		return w.say("这周没单，能接 %d 单", r.Of)
	}
	return w.say("这周 %d 单，还能接 %d 单", r.Value, r.Of-r.Value)
}

func (w wording) rest(r match.Reason) string {
	if r.Value < 24 {
		return w.say("刚帮过人，歇一歇")
	}
	return w.say("%d 天前刚帮过人", r.Value/24)
}

func (w wording) excluded(code int64) string {
	switch code {
	case becauseAsked:
		return w.say("已经问过，在等答复")
	case becauseRefused:
		return w.say("问过了，这次不行")
	case becauseLapsed:
		return w.say("问过了，没有答复")
	case becauseTaken:
		return w.say("已经接了这一单")
	case becauseHelped:
		return w.say("就是要帮的人")
	case becauseAskedThen:
		return w.say("那个时间问了他另一单，在等答复")
	case becauseAskedFull:
		return w.say("这周问过他的单算上，已经满了")
	}
	return ""
}
