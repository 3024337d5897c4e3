package e2e

import (
	"net/http"
	"regexp"
	"slices"
	"testing"
	"time"

	"linli/client"
	"linli/e2e/town"
)

// TestADoorForPrograms registers somebody by the code on their phone, who signs in by
// another, forgets the password, and is given a role that is taken back.
func TestADoorForPrograms(t *testing.T) {
	each(t, func(s *story) {
		t, ctx, phone := s.t, s.t.Context(), "15400009099"
		c := client.New(s.url)
		c.HTTP = s.http
		me := ok(c.Register(ctx, client.Registration{Phone: phone, Code: s.code(c, phone), Name: "田小满", Community: town.Community, Agreed: true}))(t)
		if c.Token == "" || me.Person.Name != "田小满" || len(me.Roles) != 1 {
			t.Errorf("registered as %+v", me)
		}
		if err := c.ResetPassword(ctx, phone, s.code(c, phone), "Lantern-9421"); err != nil {
			t.Fatal(err)
		}
		ok(c.SignIn(ctx, phone, "Lantern-9421"))(t)
		if err := c.SignOut(ctx); err != nil || c.Token != "" {
			t.Errorf("signed out with %q, %v", c.Token, err)
		}
		_, err := c.Me(ctx)
		s.refused(err, http.StatusUnauthorized, "forbidden")
		ok(c.SignInWithCode(ctx, phone, s.code(c, phone)))(t)

		_, err = c.GiveRole(ctx, me.Person.ID, client.Appointment{Role: "station_worker", Place: town.Community})
		s.refused(err, http.StatusForbidden, "forbidden")
		admin := s.as("罗建平")
		given := ok(admin.GiveRole(ctx, me.Person.ID, client.Appointment{Role: "station_worker", Place: town.Community, Until: "2027-06-30"}))(t)
		held := func() (roles []string) {
			for _, h := range ok(admin.Roles(ctx, me.Person.ID))(t) {
				roles = append(roles, h.Role)
			}
			return roles
		}
		if got := held(); !slices.Contains(got, "station_worker") || given.Place.ID != town.Community || !given.MayRevoke {
			t.Errorf("holds %v, given %+v", got, given)
		}
		if err := admin.EndRole(ctx, me.Person.ID, given.ID); err != nil || slices.Contains(held(), "station_worker") {
			t.Errorf("holds %v after its end, %v", held(), err)
		}
	})
}

// code asks for a one-time code and reads it off the phone.
func (s *story) code(c *client.Client, phone string) string {
	s.t.Helper()
	s.clock.Add(time.Minute)
	if err := c.SendCode(s.t.Context(), phone); err != nil {
		s.t.Fatal(err)
	}
	s.catchUp()
	for _, m := range s.sms.Latest() {
		if m.Phone == phone {
			return regexp.MustCompile(`\d{6}`).FindString(m.Text)
		}
	}
	s.t.Fatalf("nothing was sent to %s", phone)
	return ""
}

// TestARosterByProgram uploads one, reads what is wrong with it, takes the good rows in
// and reads them back.
func TestARosterByProgram(t *testing.T) {
	each(t, func(s *story) {
		t, ctx, worker := s.t, s.t.Context(), s.as("周敏")
		table := []byte("姓名,联系电话,专业技能,居住地址\n向梅,15400009001,理发,3号楼\n盛开,154,弹钢琴,3号楼\n")
		before := s.exported(worker)
		unwanted := ok(worker.Upload(ctx, town.Community, "第一份.csv", table))(t)
		r := ok(worker.Upload(ctx, town.Community, "志愿者名单.csv", table))(t)
		s.catchUp()
		ok(worker.Withdraw(ctx, unwanted.ID))(t)
		if r = ok(worker.Roster(ctx, r.ID))(t); r.State != "checked" || r.Counts != (client.RosterCounts{New: 1, Bad: 1}) {
			t.Fatalf("checked as %+v", r)
		}
		bad := ok(worker.Findings(ctx, r.ID, "bad", ""))(t)
		if len(bad.Items) != 1 || bad.Items[0].Row != 3 || len(bad.Items[0].Remarks) == 0 {
			t.Errorf("found %+v", bad)
		}
		_, err := worker.Confirm(ctx, r.ID, false)
		s.refused(err, http.StatusUnprocessableEntity, "invalid")
		ok(worker.Confirm(ctx, r.ID, true))(t)
		s.catchUp()
		states := map[string]string{}
		for _, r := range ok(worker.Rosters(ctx))(t) {
			states[r.Name] = r.State
		}
		if states["志愿者名单.csv"] != "done" || states["第一份.csv"] != "cancelled" {
			t.Errorf("the list says %v", states)
		}
		if after := s.exported(worker); after != before+1 {
			t.Errorf("%d volunteers before, %d after", before, after)
		}
	})
}

// exported counts the volunteers of the community, part by part.
func (s *story) exported(c *client.Client) (n int) {
	s.t.Helper()
	for cursor := ""; ; {
		part := ok(c.Export(s.t.Context(), town.Community, cursor))(s.t)
		if len(part.Headings) == 0 {
			s.t.Error("an export without headings")
		}
		n += len(part.Items)
		if cursor = part.Next; cursor == "" {
			return n
		}
	}
}
