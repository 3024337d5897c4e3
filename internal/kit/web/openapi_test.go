package web_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"linli/internal/kit/web"
)

type offer struct {
	ID       string     `json:"id"`
	State    mood       `json:"state" doc:"答复到哪一步了"`
	AnswerBy *time.Time `json:"answer_by"`
	Note     string     `json:"note,omitempty" example:"楼下等您"`
	Inner    []offer    `json:"inner"`
}

type lookup struct {
	web.Paging
	Place string `path:"place,code" doc:"区域的编码"`
}

func documented() []web.Route {
	return []web.Route{
		greetingRoute(), everythingRoute(), albumRoute(),
		{Name: "offers", Method: "GET", API: "/api/v1/places/{place}/offers", Permission: "offers.read", Summary: "看邀约", Tag: "邀约",
			Handle: web.Action(func(*web.Request, lookup) (web.List[offer], error) { return web.List[offer]{}, nil })},
		{Name: "forget", Method: "DELETE", API: "/api/v1/places/{place}/offers", Permission: "offers.forget", Tag: "邀约",
			Handle: web.Action(func(*web.Request, struct {
				Place string `path:"place,code"`
			}) (web.None, error) {
				return web.None{}, nil
			})},
	}
}

// at walks into a JSON document: "paths|/api/v1/x|get".
func at(t *testing.T, doc any, path string) any {
	t.Helper()
	for _, step := range strings.Split(path, "|") {
		m, ok := doc.(map[string]any)
		if !ok || m[step] == nil {
			t.Fatalf("no %q in %s", step, path)
		}
		doc = m[step]
	}
	return doc
}

func TestOpenAPI(t *testing.T) {
	s := site(t, config(t, documented()...))
	w := ask(s, "GET", "/api/openapi.json", "")
	if w.Code != 200 || w.Header().Get("Content-Type") != "application/json" {
		t.Fatalf("%d %v", w.Code, w.Header())
	}
	var doc any
	if err := json.Unmarshal(w.Body.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	offers := "paths|/api/v1/places/{place}/offers|"
	view := "components|schemas|web_test.offer|"
	input := "paths|/api/v1/all/{code}|post|requestBody|content|application/json|schema|properties|"
	for path, want := range map[string]string{
		"openapi":                                `"3.1.0"`,
		offers + "get|operationId":               `"offers"`,
		offers + "get|x-permission":              `"offers.read"`,
		offers + "delete|responses|204":          `{"description":"办成了"}`,
		offers + "get|tags":                      `["邀约"]`,
		view + "required":                        `["id","state","answer_by","inner"]`,
		view + "properties|state":                `{"description":"答复到哪一步了","enum":["good","bad"],"type":"string"}`,
		view + "properties|answer_by":            `{"anyOf":[{"format":"date-time","type":"string"},{"type":"null"}]}`,
		view + "properties|note|examples":        `["楼下等您"]`,
		view + "properties|inner|items":          `{"$ref":"#/components/schemas/web_test.offer"}`,
		input + "real":                           `{"maximum":90,"type":"number"}`,
		input + "text":                           `{"maxLength":10,"type":"string"}`,
		input + "scores":                         `{"additionalProperties":{"type":"integer"},"type":"object"}`,
		input + "guests|items|required":          `["id"]`,
		input + "window|properties|from|format":  `"date-time"`,
		"paths|/api/v1/all/{code}|post|security": `[]`,
		"paths|/api/v1/people/{id}/greeting|post|responses|201|description":                `"办成了"`,
		"paths|/api/v1/album|post|requestBody|content|multipart/form-data|schema|required": `["words"]`,
		"components|responses|Problem|content|application/problem+json|schema":             `{"$ref":"#/components/schemas/web.Problem"}`,
	} {
		got, _ := json.Marshal(at(t, doc, path))
		if string(got) != want {
			t.Errorf("%s is %s, want %s", path, got, want)
		}
	}
	names := parameterNames(at(t, doc, offers+"get|parameters"))
	if !reflect.DeepEqual(names, []string{"query limit", "query cursor", "path place"}) {
		t.Errorf("parameters %q", names)
	}
	names = parameterNames(at(t, doc, "paths|/api/v1/people/{id}/greeting|post|parameters"))
	if !reflect.DeepEqual(names, []string{"path id", "header Idempotency-Key"}) {
		t.Errorf("parameters %q", names)
	}
}

func parameterNames(list any) (names []string) {
	for _, p := range list.([]any) {
		m := p.(map[string]any)
		names = append(names, m["in"].(string)+" "+m["name"].(string))
	}
	return names
}

func TestEveryReferenceLeadsSomewhere(t *testing.T) {
	body := ask(site(t, config(t, documented()...)), "GET", "/api/openapi.json", "").Body.Bytes()
	var doc any
	if err := json.Unmarshal(body, &doc); err != nil {
		t.Fatal(err)
	}
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			if ref, ok := v["$ref"].(string); ok {
				at(t, doc, strings.ReplaceAll(strings.TrimPrefix(ref, "#/"), "/", "|"))
			}
			for _, inner := range v {
				walk(inner)
			}
		case []any:
			for _, inner := range v {
				walk(inner)
			}
		}
	}
	walk(doc)
}

func TestDocs(t *testing.T) {
	routes := documented()
	routes[0].Summary = `<script>alert(1)</script>`
	s := site(t, config(t, routes...))
	w := ask(s, "GET", "/api/docs", "")
	body := w.Body.String()
	for _, want := range []string{"<code>{place}</code>*", "看邀约", `id="conflict"`, "answer_by", "good, bad", "&lt;script&gt;"} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if w.Code != 200 || strings.Contains(body, "<script") || strings.Contains(body, "style") || strings.Contains(body, "http") {
		t.Errorf("%d: the page must do without script, style and other hosts: %s", w.Code, body)
	}
	d := s.Docs(func(msg string, _ ...any) string { return msg })
	if got := d.Groups[1].Operations[0].Output[1].Name; d.Groups[1].Tag != "邀约" || got != "items[].id" {
		t.Errorf("%q in %+v", got, d.Groups[1])
	}
}

func TestLists(t *testing.T) {
	b, err := json.Marshal(web.List[offer]{})
	if err != nil || string(b) != `{"items":[],"next":null}` {
		t.Errorf("%s %v", b, err)
	}
	type position struct {
		At int64  `json:"at"`
		ID string `json:"id"`
	}
	want := position{1758848400000, "x/y"}
	got, ok, err := web.DecodeCursor[position](string(web.EncodeCursor(want)))
	if got != want || !ok || err != nil {
		t.Errorf("%v %v %v", got, ok, err)
	}
	if _, ok, err := web.DecodeCursor[position](""); ok || err != nil {
		t.Errorf("first page: %v %v", ok, err)
	}
	for _, bad := range []string{"!", "e30x", string(web.EncodeCursor(5)), string(web.EncodeCursor(map[string]int{"other": 1})), string(web.EncodeCursor(want)) + "AA", "eyJhdCI6MX17fQ", "eyJhdCI6MX19"} {
		if got, _, err := web.DecodeCursor[position](bad); err == nil || got != (position{}) {
			t.Errorf("%q: %v %v", bad, got, err)
		}
	}
}

func TestMetrics(t *testing.T) {
	m := web.NewMetrics()
	jobs := m.Counter("jobs_total", "Jobs by kind.", "kind")
	jobs.Inc(`a "b"`)
	jobs.Inc(`a "b"`)
	times := m.Histogram("job_seconds", "Time of a job.", "kind")
	times.Observe(3*time.Millisecond, "a")
	times.Observe(time.Minute, "a")
	m.Gauge("answer", "It.", func() float64 { return 42 })
	c := config(t, get("look", nil))
	c.Metrics = m
	s := site(t, c)
	ask(s, "GET", "/api/v1/look", "", somebody)
	ask(s, "GET", "/nothing", "")
	ask(s, "BREW", "/nothing", "")
	r := unsized("/metrics", nil)
	r.Method, r.RemoteAddr = "GET", "127.0.0.1:5"
	body := send(s, r).Body.String()
	for _, want := range []string{
		"# TYPE jobs_total counter\njobs_total{kind=\"a \\\"b\\\"\"} 2\n",
		`job_seconds_bucket{kind="a",le="0.0025"} 0`, `job_seconds_bucket{kind="a",le="0.005"} 1`,
		`job_seconds_bucket{kind="a",le="+Inf"} 2`, `job_seconds_count{kind="a"} 2`, `job_seconds_sum{kind="a"} 60.003`,
		"answer 42\n", "go_goroutines ",
		`http_requests_total{route="look",method="GET",status="200"} 1`,
		`http_requests_total{route="other",method="other",status="404"} 1`,
		`http_request_seconds_count{route="look",method="GET"} 1`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("lacks %s in\n%s", want, body)
		}
	}
}

func TestMessagesOfRoutes(t *testing.T) {
	got := strings.Join(site(t, config(t, documented()...)).Messages(), "|")
	for _, want := range []string{"打个招呼", "看邀约", "邀约", "区域的编码", "答复到哪一步了", "名字", "开始时间", "哪一类问题"} {
		if !strings.Contains("|"+got+"|", "|"+want+"|") {
			t.Errorf("%s is missing in %s", want, got)
		}
	}
}
