package match

import (
	"math/rand/v2"
	"reflect"
	"sync"
	"testing"
	"time"
)

func TestRankIsExact(t *testing.T) {
	for seed := range uint64(3000) {
		r := world{rand.New(rand.NewPCG(seed, 1))}
		x, cs := NewIndex(), map[Key]Candidate{}
		for range r.IntN(120) {
			r.change(t, x, cs)
		}
		for range 3 {
			compareRank(t, x, cs, r.ask(), r.IntN(8))
		}
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

func TestRankIsExactInTowns(t *testing.T) {
	for seed := range uint64(3) {
		r := world{rand.New(rand.NewPCG(seed, 2))}
		x, cs := NewIndex(), map[Key]Candidate{}
		for i := range 3000 {
			c := benchCandidate(r.Rand, i, 3000)
			if i%7 == 0 {
				c.At = r.point()
			}
			cs[c.Key] = c
			put(t, x, c)
		}
		for i := range 1500 {
			k := benchKey(i)
			delete(cs, k)
			x.Remove(k)
		}
		for range 60 {
			compareRank(t, x, cs, benchAsk(r.Rand, 3000), 1+r.IntN(12))
		}
	}
}

// change does one random thing to the index and to the list that it stands for.
func (r world) change(t *testing.T, x *Index, cs map[Key]Candidate) {
	k := r.key()
	c, known := cs[k]
	switch r.IntN(8) {
	case 0:
		if x.Remove(k) != known {
			t.Errorf("Remove(%v): known %v", k, known)
		}
		delete(cs, k)
		return
	case 1:
		c.Taken = r.spans()
		if x.SetTaken(k, c.Taken) != known {
			t.Errorf("SetTaken(%v): known %v", k, known)
		}
	case 2:
		c.Free = r.week()
		if x.SetFree(k, c.Free) != known {
			t.Errorf("SetFree(%v): known %v", k, known)
		}
	default:
		c, known = r.candidate(), true
		put(t, x, c)
	}
	if known {
		cs[c.Key] = c
	}
	if x.Len() != len(cs) {
		t.Errorf("Len %d, want %d", x.Len(), len(cs))
	}
}

func put(t *testing.T, x *Index, c Candidate) {
	t.Helper()
	if err := x.Put(c); err != nil {
		t.Fatal(err)
	}
}

func compareRank(t *testing.T, x *Index, cs map[Key]Candidate, ask Ask, limit int) {
	t.Helper()
	got, want := x.Rank(ask, limit), bruteRank(cs, ask, limit)
	if len(got.Items)+len(want.Items) > 0 && !reflect.DeepEqual(got.Items, want.Items) {
		t.Errorf("%+v limit %d\n got %+v\nwant %+v", ask, limit, got.Items, want.Items)
	}
	if len(got.LeftOut)+len(want.LeftOut) > 0 && !reflect.DeepEqual(got.LeftOut, want.LeftOut) {
		t.Errorf("%+v limit %d left out\n got %+v\nwant %+v", ask, limit, got.LeftOut, want.LeftOut)
	}
}

func TestRankWhileTheIndexChanges(t *testing.T) {
	x := NewIndex()
	var writers, readers sync.WaitGroup
	done := make(chan struct{})
	last := make([]map[Key]Candidate, 3)
	for w := range last {
		last[w] = map[Key]Candidate{}
		writers.Go(func() { changeOwn(t, x, last[w], uint64(w)) })
	}
	for i := range 2 {
		readers.Go(func() { rankUntil(t, x, done, uint64(i)) })
	}
	writers.Wait()
	close(done)
	readers.Wait()
	all := map[Key]Candidate{}
	for _, own := range last {
		for k, c := range own {
			all[k] = c
		}
	}
	r := world{rand.New(rand.NewPCG(9, 9))}
	for range 50 {
		compareRank(t, x, all, r.ask(), 10)
	}
}

// changeOwn changes candidates that no other writer touches and notes what they are.
func changeOwn(t *testing.T, x *Index, own map[Key]Candidate, writer uint64) {
	r := world{rand.New(rand.NewPCG(writer, 3))}
	for range 3000 {
		c := r.candidate()
		c.ID += string(rune('A' + writer))
		switch r.IntN(4) {
		case 0:
			x.Remove(c.Key)
			delete(own, c.Key)
		case 1:
			if old, ok := own[c.Key]; ok {
				old.Taken = c.Taken
				own[c.Key] = old
				x.SetTaken(c.Key, c.Taken)
			}
		default:
			if err := x.Put(c); err != nil {
				t.Error(err)
			}
			own[c.Key] = c
		}
	}
}

// rankUntil ranks all the time and checks what holds of every ranking.
func rankUntil(t *testing.T, x *Index, done <-chan struct{}, reader uint64) {
	r := world{rand.New(rand.NewPCG(reader, 4))}
	for {
		select {
		case <-done:
			return
		default:
		}
		seen, before := map[Key]bool{}, 1<<30
		for _, item := range x.Rank(r.ask(), 10).Items {
			if seen[item.Key] || item.Score > before {
				t.Errorf("%v twice or out of order", item.Key)
			}
			seen[item.Key], before = true, item.Score
		}
	}
}

func TestReasonsOfTheCandidateCard(t *testing.T) {
	const accompany = 7
	home := Point{39.9, 116.3}
	morning := Week{}.With(time.Monday, 7*time.Hour, 12*time.Hour)
	monday := worldMonday.AddDate(0, 0, 7)
	at := func(minutes float64) Point {
		return Point{home.Lat + (minutes-0.5)*75/1.3/111_195, home.Lng}
	}
	orders := func(n int) []Span {
		return make([]Span, n)
	}
	thisWeek := func(n int) []Span {
		spans := orders(n)
		for i := range spans {
			spans[i] = Span{From: monday.AddDate(0, 0, 2+i), To: monday.AddDate(0, 0, 2+i).Add(time.Hour)}
		}
		return spans
	}
	volunteer := func(id string, minutes float64, times, load int) Candidate {
		return Candidate{
			Key: Key{Volunteer, id}, At: at(minutes), Skills: []Skill{{accompany, times}},
			Free: morning, LimitWeek: 4, Taken: thisWeek(load),
		}
	}
	x := NewIndex()
	put(t, x, volunteer("孙淑琴", 5, 11, 1))
	put(t, x, volunteer("郭建民", 3, 3, 3))
	put(t, x, volunteer("林小雨", 14, 0, 0))
	put(t, x, volunteer("何玉兰", 4, 20, 4))
	away := volunteer("魏军", 6, 2, 0)
	away.Free = Week{}.With(time.Tuesday, 8*time.Hour, 18*time.Hour)
	put(t, x, away)

	got := x.Rank(Ask{
		At: home, Skills: []uint32{accompany},
		From: monday.Add(8 * time.Hour), To: monday.Add(11 * time.Hour),
		Known: map[Key]int{{Volunteer, "孙淑琴"}: 4, {Volunteer, "何玉兰"}: 3},
	}, 10)

	want := []Ranked{
		{Key{Volunteer, "孙淑琴"}, 3583, accompany, []Reason{
			{SkillReason, Full, 11, 0, 1000}, {WalkReason, Full, 5, 30, 833},
			{LoadReason, Full, 1, 4, 750}, {ContinuityReason, Full, 4, 0, 1000}}},
		{Key{Volunteer, "郭建民"}, 2000, accompany, []Reason{
			{SkillReason, Full, 3, 0, 850}, {WalkReason, Full, 3, 30, 900},
			{LoadReason, Half, 3, 4, 250}, {ContinuityReason, Empty, 0, 0, 0}}},
		{Key{Volunteer, "林小雨"}, 1933, accompany, []Reason{
			{SkillReason, Half, 0, 0, 400}, {WalkReason, Half, 14, 30, 533},
			{LoadReason, Full, 0, 4, 1000}, {ContinuityReason, Empty, 0, 0, 0}}},
	}
	if !reflect.DeepEqual(got.Items, want) {
		t.Errorf("items\n got %+v\nwant %+v", got.Items, want)
	}
	causes := map[string][]Reason{}
	for _, l := range got.LeftOut {
		causes[l.ID] = l.Causes
	}
	wantCauses := map[string][]Reason{
		"何玉兰": {{Kind: LoadReason, Value: 4, Of: 4}},
		"魏军":  {{Kind: TimeReason}},
	}
	if !reflect.DeepEqual(causes, wantCauses) {
		t.Errorf("left out %+v", causes)
	}
}
