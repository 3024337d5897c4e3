package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"sync"

	"linli/client"
	"linli/internal/core/access"
)

// Account is one line of accounts.json.
type Account struct {
	Role     access.Role `json:"role"`
	Name     string      `json:"name"`
	Phone    string      `json:"phone"`
	Password string      `json:"password"`
	Place    string      `json:"place"`
}

// ReadAccounts reads an accounts.json.
func ReadAccounts(path string) (all []Account, err error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(text, &all); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return all, nil
}

// crew is everybody who plays, signed in.
type crew struct {
	residents []*member
	helpers   []*member
	workers   []*member
}

// member is one signed-in person.
type member struct {
	*client.Client
	id   string
	door sync.Mutex // held from check-in to check-out
}

// gather signs in whoever has a part in the loop.
func gather(ctx context.Context, url string, accounts []Account, clients int) (*crew, error) {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConns, transport.MaxIdleConnsPerHost = clients, clients
	c := &crew{}
	for _, a := range accounts {
		part := c.part(a.Role)
		if part == nil {
			continue
		}
		m := &member{Client: client.New(url)}
		m.HTTP = &http.Client{Transport: transport}
		me, err := m.SignIn(ctx, a.Phone, a.Password)
		if err != nil {
			return nil, fmt.Errorf("%s (%s) does not get in: %w", a.Name, a.Role, err)
		}
		m.id = me.Person.ID
		at, err := m.atADoor(ctx)
		if err != nil {
			return nil, err
		}
		if !at {
			*part = append(*part, m)
		}
	}
	if len(c.residents) == 0 || len(c.helpers) == 0 || len(c.workers) == 0 {
		return nil, errors.New("the accounts need a resident, a station worker, and a volunteer who is not at a door just now")
	}
	return c, nil
}

// atADoor says whether somebody is checked in at an order from before: nobody is at
// two doors, so they cannot play.
func (m *member) atADoor(ctx context.Context) (bool, error) {
	serving, err := m.Orders(ctx, "serving", "", "")
	return slices.ContainsFunc(serving.Items, func(o client.Order) bool { return slices.Contains(o.Actions, "check-out") }), err
}

func (c *crew) part(r access.Role) *[]*member {
	switch r {
	case access.Resident:
		return &c.residents
	case access.Volunteer:
		return &c.helpers
	case access.StationWorker:
		return &c.workers
	}
	return nil
}

// helper is the best candidate who is one of the crew, or whoever's turn it is
// when the ranking names none of them.
func (c *crew) helper(list client.Candidates, turn int) *member {
	for _, item := range list.Items {
		for _, m := range c.helpers {
			if m.id == item.ID {
				return m
			}
		}
	}
	return c.helpers[turn%len(c.helpers)]
}
