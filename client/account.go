package client

import "context"

// SendCode sends a one-time code to a phone. It signs in, registers, or sets a new
// password, whichever it is given to first.
func (c *Client) SendCode(ctx context.Context, phone string) error {
	return c.Post(ctx, "/codes", map[string]string{"phone": phone}, nil)
}

// SignInWithCode is SignIn with a code instead of the password.
func (c *Client) SignInWithCode(ctx context.Context, phone, code string) (Me, error) {
	return c.enter(ctx, "/sessions/code", map[string]string{"phone": phone, "code": code})
}

// Registration is a new account; without a password it is entered by codes.
type Registration struct {
	Phone     string `json:"phone"`
	Code      string `json:"code"`
	Name      string `json:"name"`
	Community string `json:"community"` // its code in the national divisions
	Password  string `json:"password,omitempty"`
	Agreed    bool   `json:"agreed"` // that they are called, and that their service is recorded
}

// Register makes an account and signs it in.
func (c *Client) Register(ctx context.Context, r Registration) (Me, error) {
	return c.enter(ctx, "/accounts", r)
}

// ResetPassword sets a new password by a code; it does not sign in.
func (c *Client) ResetPassword(ctx context.Context, phone, code, password string) error {
	return c.Post(ctx, "/password-resets", map[string]string{"phone": phone, "code": code, "password": password}, nil)
}

// SignOut ends the session of the token.
func (c *Client) SignOut(ctx context.Context) error {
	err := c.Do(ctx, "DELETE", "/sessions/current", "", nil, nil)
	if err == nil {
		c.Token = ""
	}
	return err
}

// Held is a role that somebody holds.
type Held struct {
	ID        string `json:"id"`
	Role      string `json:"role"`
	Place     Ref    `json:"place"` // and every place in it
	MayRevoke bool   `json:"may_revoke"`
}

// Roles lists the roles of a person.
func (c *Client) Roles(ctx context.Context, person string) ([]Held, error) {
	var out struct{ Items []Held }
	err := c.Get(ctx, "/persons/"+person+"/roles", nil, &out)
	return out.Items, err
}

// Appointment is a role that somebody is to have.
type Appointment struct {
	Role  string `json:"role"`
	Place string `json:"place"`
	Until string `json:"until,omitempty"` // its last day, as 2027-06-30; empty for no end
}

// GiveRole gives a person a role.
func (c *Client) GiveRole(ctx context.Context, person string, a Appointment) (h Held, err error) {
	err = c.Post(ctx, "/persons/"+person+"/roles", a, &h)
	return h, err
}

// EndRole takes back a role, by the id of Held.
func (c *Client) EndRole(ctx context.Context, person, held string) error {
	return c.Post(ctx, "/persons/"+person+"/roles/"+held+"/end", nil, nil)
}
