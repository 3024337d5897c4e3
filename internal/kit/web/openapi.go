package web

import (
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// serveOpenAPI sends the document that is generated from the routes, with its
// texts in the reader's language.
func (s *Site) serveOpenAPI(w http.ResponseWriter, hr *http.Request) {
	r := requestOf(w, hr)
	body, err := marshal(s.openAPI(r.T))
	if err == nil {
		err = r.sendJSON(reply{status: http.StatusOK, body: body})
	}
	if err != nil {
		r.fail(err)
	}
}

// openAPI is the OpenAPI 3.1 document of all routes that answer JSON.
func (s *Site) openAPI(say func(string, ...any) string) object {
	b := &schemas{say: say, components: object{}}
	paths := object{}
	for i := range s.c.Routes {
		rt := &s.c.Routes[i]
		if rt.API == "" {
			continue
		}
		item, ok := paths[rt.API].(object)
		if !ok {
			item = object{}
			paths[rt.API] = item
		}
		item[strings.ToLower(rt.Method)] = operation(b, rt)
	}
	problem := object{
		"description": say("没有办成，为什么，怎么办"),
		"content":     object{typeProblem: object{"schema": b.view(reflect.TypeFor[Problem]())}},
	}
	return object{
		"openapi":  "3.1.0",
		"info":     object{"title": say(s.c.Title), "version": s.c.Version},
		"servers":  []any{object{"url": "/"}},
		"security": []any{object{"bearer": []any{}}},
		"paths":    paths,
		"components": object{
			"schemas":         b.components,
			"responses":       object{"Problem": problem},
			"securitySchemes": object{"bearer": object{"type": "http", "scheme": "bearer"}},
		},
	}
}

func operation(b *schemas, rt *Route) object {
	op := object{
		"operationId": rt.Name,
		"responses": object{
			strconv.Itoa(rt.status()): answerOf(b, rt),
			"default":                 object{"$ref": "#/components/responses/Problem"},
		},
	}
	if rt.Summary != "" {
		op["summary"] = b.say(rt.Summary)
	}
	if rt.Tag != "" {
		op["tags"] = []any{b.say(rt.Tag)}
	}
	if rt.Public {
		op["security"] = []any{}
	} else {
		op["x-permission"] = rt.Permission
	}
	if p := parameters(b, rt); len(p) > 0 {
		op["parameters"] = p
	}
	if rt.hasBody() {
		op["requestBody"] = bodyOf(b, rt)
	}
	return op
}

func answerOf(b *schemas, rt *Route) object {
	answer := object{"description": b.say("办成了")}
	if rt.status() != http.StatusNoContent {
		answer["content"] = object{typeJSON: object{"schema": b.view(rt.Handle.output())}}
	}
	return answer
}

func bodyOf(b *schemas, rt *Route) object {
	s := rt.Handle.input()
	required := slices.ContainsFunc(s.fields, func(f *field) bool { return f.rule.required })
	kind := typeJSON
	if s.uploads() {
		kind = typeMultipart
	}
	return object{"required": required, "content": object{kind: object{"schema": b.input(s)}}}
}

// parameters are the values of the path, those of the query where there is no
// body, and the key of a post.
func parameters(b *schemas, rt *Route) []any {
	var out []any
	for _, f := range rt.Handle.input().fields {
		switch {
		case f.path != "":
			out = append(out, pathParameter(b, f))
		case !rt.hasBody():
			out = append(out, object{"name": f.name, "in": "query", "required": f.rule.required, "schema": b.property(f, false)})
		}
	}
	if rt.Method == http.MethodPost {
		out = append(out, object{
			"name": "Idempotency-Key", "in": "header", "required": false,
			"description": b.say("同一个键、同样的内容再发一次，得到第一次的答复；内容不同就是 409。"),
			"schema":      object{"type": "string", "minLength": 1, "maxLength": keyMost},
		})
	}
	return out
}

func pathParameter(b *schemas, f *field) object {
	s := object{"type": "string", "format": "uuid"}
	if f.code {
		s = object{"type": "string", "maxLength": codeMost}
	}
	p := object{"name": f.path, "in": "path", "required": true, "schema": s}
	if f.doc != "" {
		p["description"] = b.say(f.doc)
	}
	return p
}
