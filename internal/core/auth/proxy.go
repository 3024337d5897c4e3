package auth

import (
	"context"
	"slices"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/event"
	"linli/internal/core/identity"
	"linli/internal/core/person"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

// Relation is what the one who acts is to the one they act for.
type Relation string

// The relations.
const (
	Child      Relation = "child"
	Spouse     Relation = "spouse"
	Grandchild Relation = "grandchild"
	Sibling    Relation = "sibling"
	Relative   Relation = "relative"
	Guardian   Relation = "guardian"
)

// Relations lists all of them, in the order of the page.
func Relations() []Relation {
	return []Relation{Child, Spouse, Grandchild, Sibling, Relative, Guardian}
}

// Enum lists the values for the decoder of requests.
func (Relation) Enum() []string {
	var all []string
	for _, r := range Relations() {
		all = append(all, string(r))
	}
	return all
}

// Label is the word on the page; it is also the id of its translation.
func (r Relation) Label() string {
	switch r {
	case Child:
		return "儿女"
	case Spouse:
		return "老伴"
	case Grandchild:
		return "孙辈"
	case Sibling:
		return "兄弟姐妹"
	case Guardian:
		return "监护人"
	}
	return "别的亲人"
}

// Agreement is how the elder agreed.
type Agreement string

// The ways to agree: by giving away a code that was sent to the elder's phone, or
// to the station, which writes it down.
const (
	ByCode  Agreement = "code"
	ByPhone Agreement = "phone"
	OnPaper Agreement = "paper"
)

// Enum lists what a station may write down; ByCode is only ever proved.
func (Agreement) Enum() []string { return []string{string(ByPhone), string(OnPaper)} }

// Label is the word on the page; it is also the id of its translation.
func (a Agreement) Label() string {
	switch a {
	case ByPhone:
		return "电话里同意的"
	case OnPaper:
		return "签了字"
	}
	return "短信验证码"
}

// Party is one of the two.
type Party struct {
	District int
	Person   string
	Name     string // whole: both know each other
}

// Proxy lets one person order for another.
type Proxy struct {
	ID        string
	Principal Party // for whom
	Agent     Party // who acts
	Relation  Relation
	How       Agreement
	AgreedAt  time.Time
}

// ProxyRequest is somebody asking to act for another.
type ProxyRequest struct {
	Name     string // of the elder
	Phone    string // of the elder; a code was sent there for Consent
	Code     string
	Relation Relation
}

// AgreeByCode lets who act for the elder who gave them the code.
func (s *Service) AgreeByCode(ctx context.Context, who access.Who, r ProxyRequest) (Proxy, error) {
	var faults [4]error
	r.Name, faults[0] = identity.Name("name", r.Name)
	r.Phone, faults[1] = identity.Mobile("phone", r.Phone)
	r.Code, faults[2] = parseCode("code", r.Code)
	faults[3] = checkRelation(r.Relation)
	if err := fault.Join(faults[:]...); err != nil {
		return Proxy{}, err
	}
	var p Proxy
	err := s.settle(ctx, func(tx *db.Tx) (refusal, err error) {
		l, err := findLogin(tx, r.Phone)
		if err != nil {
			return nil, err
		}
		if refusal, err = s.useCode(tx, l, Consent, r.Code); refusal != nil || err != nil {
			return refusal, err
		}
		p, err = s.agreed(tx, who, l, r)
		return nil, err
	})
	return p, err
}

// agreed finds the elder whose code was right.
func (s *Service) agreed(tx *db.Tx, who access.Who, l login, r ProxyRequest) (Proxy, error) {
	if l.holder != nil && l.holder.id == who.Person {
		return Proxy{}, fault.Invalid("phone", "这是您自己的手机号。请填老人的。")
	}
	if l.holder == nil {
		l.district = who.District
	}
	known, err := person.ByPhone(tx, l.district, r.Phone)
	if err != nil {
		return Proxy{}, err
	}
	i := slices.IndexFunc(known, func(p person.Person) bool { return p.Name == r.Name })
	if i < 0 {
		return Proxy{}, fault.NotFound("没有找到用这个号码的“%s”。请打电话给服务站，站里帮您登记。", r.Name)
	}
	agent := Party{District: who.District, Person: who.Person, Name: who.Name}
	return s.putProxy(tx, who, known[i], agent, r.Relation, ByCode)
}

// RecordProxy writes down for the station that somebody agreed, to whom the agent
// is found by phone.
func (s *Service) RecordProxy(ctx context.Context, by access.Who, district int, principal, agentPhone string,
	relation Relation, how Agreement) (Proxy, error) {
	return db.Returning(ctx, s.db, func(tx *db.Tx) (Proxy, error) {
		return s.RecordProxyTx(tx, by, district, principal, agentPhone, relation, how)
	})
}

// RecordProxyTx is RecordProxy inside the caller's transaction.
func (s *Service) RecordProxyTx(tx *db.Tx, by access.Who, district int, principal, agentPhone string,
	relation Relation, how Agreement) (Proxy, error) {
	agentPhone, wrong := identity.Mobile("agent_phone", agentPhone)
	if how != ByPhone && how != OnPaper {
		wrong = fault.Join(wrong, fault.Invalid("how", "请选老人是怎么同意的。"))
	}
	if err := fault.Join(wrong, checkRelation(relation)); err != nil {
		return Proxy{}, err
	}
	p, err := person.Get(tx, district, principal)
	if err != nil {
		return Proxy{}, err
	}
	if err := access.Check(by, access.PersonWrite, stationTarget(p)); err != nil {
		return Proxy{}, err
	}
	l, err := findLogin(tx, agentPhone)
	if err != nil {
		return Proxy{}, err
	}
	if l.holder == nil {
		return Proxy{}, fault.Invalid("agent_phone", "这个手机号还没有账号。请他先注册一个。")
	}
	agent := Party{District: l.district, Person: l.holder.id, Name: l.holder.person.Name}
	return s.putProxy(tx, by, p, agent, relation, how)
}

// stationTarget is a person as something that only a station may change.
func stationTarget(p person.Person) access.Target {
	return access.Target{District: p.District, Path: p.PlacePath}
}

func checkRelation(r Relation) error {
	if !slices.Contains(Relations(), r) {
		return fault.Invalid("relation", "请选您是老人的什么人。")
	}
	return nil
}

func (s *Service) putProxy(tx *db.Tx, by access.Who, principal person.Person, agent Party,
	relation Relation, how Agreement) (Proxy, error) {
	p := Proxy{
		ID: tx.NewID(), Agent: agent, Relation: relation, How: how, AgreedAt: tx.Now(),
		Principal: Party{District: principal.District, Person: principal.ID, Name: principal.Name},
	}
	if p.Principal.Person == p.Agent.Person {
		return p, fault.Invalid("phone", "自己替自己点单，不用登记。")
	}
	held, err := hasProxy(tx, agent.District, agent.Person, principal.ID)
	if err != nil {
		return p, err
	}
	if held {
		return p, fault.Conflict("已经登记过了，可以直接替他点单。")
	}
	recordProxy(tx, by, "proxy.start", p, principal.Community)
	return p, insertProxy(tx, p)
}

// EndProxy takes it back: either of the two may, and the principal's station.
// District is that in which one of them lives.
func (s *Service) EndProxy(ctx context.Context, by access.Who, district int, id string) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		p, found, err := findProxy(tx, district, id)
		if err != nil {
			return err
		}
		if !found {
			return fault.NotFound("没有这一条，可能已经取消了。")
		}
		principal, err := person.Get(tx, p.Principal.District, p.Principal.Person)
		if err != nil {
			return err
		}
		if by.Person != p.Principal.Person && by.Person != p.Agent.Person {
			if err := access.Check(by, access.PersonWrite, stationTarget(principal)); err != nil {
				return err
			}
		}
		recordProxy(tx, by, "proxy.end", p, principal.Community)
		return endProxy(tx, p, tx.Now())
	})
}

func recordProxy(tx *db.Tx, by access.Who, act string, p Proxy, community string) {
	event.Append(tx, event.Event{
		District: p.Principal.District, Community: community, Actor: by.Person,
		Act: act, Kind: "person", Subject: p.Principal.Person,
		Data: event.Data{"agent": p.Agent.Person, "relation": p.Relation, "how": p.How},
	})
}

// MayActFor says whether who may order for a person: for themselves, or for
// somebody who agreed.
func MayActFor(tx *db.Tx, who access.Who, principal string) (bool, error) {
	if who.Person == "" || who.Person == principal {
		return who.Person != "", nil
	}
	return hasProxy(tx, who.District, who.Person, principal)
}

// Principals lists for whom who may act.
func Principals(tx *db.Tx, who access.Who) ([]Proxy, error) {
	all, err := proxiesOfAgent(tx, who.District, who.Person)
	return named(tx, all, err)
}

// Agents lists who may act for a person.
func Agents(tx *db.Tx, district int, person string) ([]Proxy, error) {
	all, err := proxiesOfPrincipal(tx, district, person)
	return named(tx, all, err)
}

// named fills in what the two are called.
func named(tx *db.Tx, all []Proxy, err error) ([]Proxy, error) {
	for i := range all {
		for _, party := range []*Party{&all[i].Principal, &all[i].Agent} {
			if err != nil {
				return nil, err
			}
			var p person.Person
			p, err = person.Get(tx, party.District, party.Person)
			party.Name = p.Name
		}
	}
	return all, err
}
