package bench

import (
	"context"
	"math/rand/v2"
	"time"

	"linli/client"
	"linli/internal/kit/clock"
)

// The steps of a loop, in their order.
const (
	request    = "request"
	verify     = "verification"
	candidates = "candidates"
	offer      = "offers"
	accept     = "acceptance"
	code       = "code"
	checkIn    = "check-in"
	checkOut   = "check-out"
	complete   = "completion"
	evaluate   = "evaluation"
)

func steps() []string {
	return []string{request, verify, candidates, offer, accept, code, checkIn, checkOut, complete, evaluate}
}

// sentences name no time, so that promised hours never clash.
func sentences() []string {
	return []string{
		"想请人来家里理个发", "灯泡坏了，想请人换一个", "家里的水龙头滴水，想请人看看", "想请人帮忙代买降压药",
		"腿脚不便，想请人陪着去医院拿药", "手机不会用，想请人教教", "想请人陪老人聊聊天", "想请人帮忙擦擦玻璃",
	}
}

// player is one client: it goes through one loop after the other.
type player struct {
	*crew
	rng   *rand.Rand
	turn  int // of the clients
	times map[string][]time.Duration
	fails []failure
	loops int
}

// failure is a step that was answered with an error, or not at all.
type failure struct {
	step string
	err  error
}

// play goes on until the time is up; a loop that has begun is finished.
func (p *player) play(ctx, until context.Context) {
	for until.Err() == nil && ctx.Err() == nil {
		if p.loop(ctx) {
			p.loops++
		}
	}
}

// loop is one order from the sentence to the last evaluation.
func (p *player) loop(ctx context.Context) (whole bool) {
	resident := p.residents[p.rng.IntN(len(p.residents))]
	worker := p.workers[p.turn%len(p.workers)]
	var o client.Order
	if !p.do(request, func() (err error) {
		o, err = resident.Request(ctx, client.Request{Text: sentences()[p.rng.IntN(len(sentences()))]})
		return err
	}) {
		return false
	}
	helper, ok := p.dispatch(ctx, worker, o.ID)
	return ok &&
		p.do(accept, func() error { _, err := helper.Accept(ctx, o.ID); return err }) &&
		p.visit(ctx, resident, helper, o) &&
		p.do(complete, func() error { _, err := helper.Complete(ctx, o.ID, ""); return err }) &&
		p.word(ctx, resident, o.ID) && p.word(ctx, helper, o.ID) && p.word(ctx, worker, o.ID)
}

// dispatch verifies, ranks and asks one of the crew.
func (p *player) dispatch(ctx context.Context, worker *member, id string) (*member, bool) {
	var list client.Candidates
	if !p.do(verify, func() error { _, err := worker.Verify(ctx, id, ""); return err }) ||
		!p.do(candidates, func() (err error) { list, err = worker.Candidates(ctx, id, 10); return err }) {
		return nil, false
	}
	helper := p.helper(list, p.rng.IntN(len(p.helpers)))
	return helper, p.do(offer, func() error {
		_, err := worker.Offer(ctx, id, time.Time{}, client.Candidate{Kind: "volunteer", ID: helper.id})
		return err
	})
}

// visit checks in by the code that the resident shows, and out again.
func (p *player) visit(ctx context.Context, resident, helper *member, o client.Order) bool {
	helper.door.Lock()
	defer helper.door.Unlock()
	at := client.Presence{Position: o.Position}
	return p.do(code, func() (err error) { at.Code, err = resident.Code(ctx, o.ID); return err }) &&
		p.do(checkIn, func() error { _, err := helper.CheckIn(ctx, o.ID, at); return err }) &&
		p.do(checkOut, func() error { _, err := helper.CheckOut(ctx, o.ID, client.Presence{Position: o.Position}); return err })
}

func (p *player) word(ctx context.Context, who *member, id string) bool {
	return p.do(evaluate, func() error {
		_, err := who.Evaluate(ctx, id, client.Opinion{Satisfaction: "satisfied"})
		return err
	})
}

// do makes and times one step; only what went well is timed.
func (p *player) do(step string, call func() error) bool {
	elapsed := clock.Stopwatch()
	if err := call(); err != nil {
		p.fails = append(p.fails, failure{step, err})
		return false
	}
	p.times[step] = append(p.times[step], elapsed())
	return true
}
