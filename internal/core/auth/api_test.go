package auth

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"linli/internal/core/access"
)

// machine is a client of the API that knows its own token.
type machine struct {
	t     *testing.T
	site  http.Handler
	token string
}

// post sends JSON and reads the answer into out; it fails on another status.
func (p *machine) post(path, body string, status int, out any) {
	p.t.Helper()
	p.ask(http.MethodPost, path, body, status, out)
}

func (p *machine) ask(method, path, body string, status int, out any) {
	p.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.RemoteAddr = "127.0.0.1:1"
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if p.token != "" {
		r.Header.Set("Authorization", "Bearer "+p.token)
	}
	rec := httptest.NewRecorder()
	p.site.ServeHTTP(rec, r)
	if rec.Code != status {
		p.t.Fatalf("%s %s %s: %d, want %d: %s", method, path, body, rec.Code, status, rec.Body)
	}
	if out != nil {
		if err := json.Unmarshal(rec.Body.Bytes(), out); err != nil {
			p.t.Fatal(err)
		}
	}
}

// TestAProgramRegistersAndSignsInByCode walks the door without a page: a code, an
// account, a session by another code, a new password.
func TestAProgramRegistersAndSignsInByCode(t *testing.T) {
	h, site := serve(t)
	h.account("周敏", worker, community, access.StationWorker) // so that the place has somebody
	p := &machine{t: t, site: site}
	code := func(phone string) string {
		h.clock.Add(codePause)
		p.post("/api/v1/codes", `{"phone": "`+phone+`"}`, 204, nil)
		_, after, _ := strings.Cut(h.sent(phone), "验证码 ")
		return after[:codeDigits]
	}
	p.post("/api/v1/codes", `{"phone": "12"}`, 422, nil)
	p.post("/api/v1/sessions/code", `{"phone": "`+nobody+`", "code": "`+code(nobody)+`"}`, 404, nil)
	p.post("/api/v1/accounts", `{"phone": "`+nobody+`", "code": "`+code(nobody)+`", "name": "田小满", "community": "`+community+`"}`, 422, nil)
	var in SessionView
	p.post("/api/v1/accounts", `{"phone": "`+nobody+`", "code": "`+code(nobody)+`", "name": "田小满", "community": "`+community+`", "agreed": true}`, 201, &in)
	if in.Token == "" || in.Person.Name != "田小满" || len(in.Roles) != 1 {
		t.Fatalf("registered as %+v", in)
	}
	p.post("/api/v1/accounts", `{"phone": "`+nobody+`", "code": "`+code(nobody)+`", "name": "田小满", "community": "`+community+`", "agreed": true}`, 409, nil)
	p.post("/api/v1/password-resets", `{"phone": "`+nobody+`", "code": "`+code(nobody)+`", "password": "Lantern-9421"}`, 204, nil)
	p.post("/api/v1/sessions", `{"phone": "`+nobody+`", "password": "Lantern-9421"}`, 201, nil)
	p.post("/api/v1/sessions/code", `{"phone": "`+nobody+`", "code": "000000"}`, 422, nil)
	p.post("/api/v1/sessions/code", `{"phone": "`+nobody+`", "code": "`+code(nobody)+`"}`, 201, &in)
	p.token = in.Token
	p.ask(http.MethodGet, "/api/v1/me", "", 200, nil)
}

// TestAProgramMovesToANewPhone: by password, and by a code on the old phone. The old
// number opens nothing any more, this session goes on, others end.
func TestAProgramMovesToANewPhone(t *testing.T) {
	h, site := serve(t)
	h.account("孟桂兰", mother, community)
	h.account("孟小军", son, community)
	signIn := func(phone string) *machine {
		p := &machine{t: t, site: site}
		var in SessionView
		p.post("/api/v1/sessions", `{"phone": "`+phone+`", "password": "Lantern-9421"}`, 201, &in)
		p.token = in.Token
		return p
	}
	code := func(phone string) string {
		_, after, _ := strings.Cut(h.sent(phone), "验证码 ")
		return after[:codeDigits]
	}
	p, other := signIn(mother), signIn(mother)
	(&machine{t: t, site: site}).post("/api/v1/me/phone/codes", `{"new_phone": "`+nobody+`"}`, 401, nil)
	p.post("/api/v1/me/phone/codes", `{"new_phone": "138"}`, 422, nil)
	p.post("/api/v1/me/phone/codes", `{"new_phone": "`+nobody+`"}`, 204, nil)
	p.post("/api/v1/me/phone", `{"new_phone": "`+nobody+`", "new_code": "`+wrongCode(code(nobody))+`", "password": "Lantern-9421"}`, 422, nil)
	p.post("/api/v1/me/phone", `{"new_phone": "`+son+`", "new_code": "`+code(nobody)+`", "password": "Lantern-9421"}`, 422, nil)
	p.post("/api/v1/me/phone", `{"new_phone": "`+nobody+`", "new_code": "`+code(nobody)+`", "password": "Wrong-password-1"}`, 422, nil)
	p.post("/api/v1/me/phone", `{"new_phone": "`+nobody+`", "new_code": "`+code(nobody)+`", "password": "Lantern-9421"}`, 204, nil)

	var me struct{ Person struct{ Phone string } }
	if p.ask(http.MethodGet, "/api/v1/me", "", 200, &me); me.Person.Phone != nobody {
		t.Errorf("is called on %s", me.Person.Phone)
	}
	other.ask(http.MethodGet, "/api/v1/me", "", 401, nil)
	p.post("/api/v1/sessions", `{"phone": "`+mother+`", "password": "Lantern-9421"}`, 401, nil)
	if told := h.sent(mother); !strings.Contains(told, "尾号 9999") {
		t.Errorf("the old phone was told %q", told)
	}
	p = signIn(nobody)

	h.clock.Add(codePause)
	p.post("/api/v1/me/phone/codes", `{"new_phone": "`+mother+`", "by": "code"}`, 204, nil)
	p.post("/api/v1/me/phone", `{"new_phone": "`+mother+`", "new_code": "`+code(mother)+`", "code": "`+code(nobody)+`"}`, 204, nil)
	signIn(mother)
}

// TestAProgramGivesAndTakesRoles: an administrator does, nobody else may.
func TestAProgramGivesAndTakesRoles(t *testing.T) {
	h, site := serve(t)
	elder := h.account("孟桂兰", mother, community)
	other := h.account("周敏", worker, community, access.StationWorker)
	h.account("韩主任", "13800000006", community, access.Administrator)
	as := func(phone string) *machine {
		p, in := &machine{t: t, site: site}, SessionView{}
		p.post("/api/v1/sessions", `{"phone": "`+phone+`", "password": "Lantern-9421"}`, 201, &in)
		p.token = in.Token
		return p
	}
	admin, station, own := as("13800000006"), as(worker), as(mother)
	roles := "/api/v1/persons/" + elder.ID + "/roles"
	ask := `{"role": "volunteer", "place": "` + community + `"}`
	station.post(roles, ask, 403, nil)
	own.post(roles, ask, 403, nil)
	var given HeldView
	admin.post(roles, ask, 201, &given)
	if given.Role != access.Volunteer || given.Place.ID != community || !given.MayRevoke {
		t.Errorf("gave %+v", given)
	}
	held := func(p *machine) int {
		var list struct{ Items []HeldView }
		p.ask(http.MethodGet, roles, "", 200, &list)
		return len(list.Items)
	}
	if held(admin) != 2 || held(station) != 2 {
		t.Errorf("%d roles, the station sees %d", held(admin), held(station))
	}
	station.post(roles+"/"+given.ID+"/end", "", 403, nil)
	admin.post("/api/v1/persons/"+other.ID+"/roles/"+given.ID+"/end", "", 404, nil)
	if held(admin) != 2 {
		t.Error("a role was taken back by way of somebody else")
	}
	admin.post(roles+"/"+given.ID+"/end", "", 204, nil)
	if held(admin) != 1 {
		t.Errorf("%d roles after one was taken back", held(admin))
	}
}
