package web_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"strings"
	"testing"

	"linli/internal/kit/web"
)

type album struct {
	Words  string       `json:"words" required:"true"`
	Photos []web.Upload `json:"photos" label:"照片" accept:"image/png,image/jpeg" maxBytes:"2097152" maxItems:"2"`
}

func albumRoute() web.Route {
	return web.Route{
		Name: "album", Method: "POST", Page: "/album", API: "/api/v1/album", Public: true, MaxBody: 8 << 20,
		Handle: web.Action(func(_ *web.Request, in album) (seen, error) {
			out := in.Words
			for _, p := range in.Photos {
				out += fmt.Sprintf(" %s %s %d", p.Name, p.Type, len(p.Data))
			}
			return seen{out}, nil
		}).Page(func(_ *web.Request, out seen) web.Answer { return web.HTML(text(out.Saw)) }).
			Form(func(r *web.Request, _ album, p *web.Problem) web.Answer {
				return web.HTML(text(r.Typed("words") + p.For("photos.0") + p.For("photos")))
			}),
	}
}

const png = "\x89PNG\r\n\x1a\n"

// multiform makes a form of words and files; each file is {name, content}.
func multiform(words string, files ...[2]string) (body, kind string) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	_ = w.WriteField("words", words)
	for _, f := range files {
		part, _ := w.CreateFormFile("photos", f[0])
		_, _ = part.Write([]byte(f[1]))
	}
	_ = w.Close()
	return b.String(), "Content-Type: " + w.FormDataContentType()
}

func TestUploads(t *testing.T) {
	s := site(t, config(t, albumRoute()))
	big := png + strings.Repeat("x", 3<<20)
	for _, c := range []struct {
		name  string
		files [][2]string
		want  string
	}{
		{"none", nil, "200 灯"},
		{"left empty", [][2]string{{"", ""}}, "200 灯"},
		{"one", [][2]string{{"灯.png", png}}, "200 灯 灯.png image/png 8"},
		{"a directory in the name", [][2]string{{`C:\x\..\灯.png`, png}}, "200 灯 灯.png image/png 8"},
		{"a lie about the type", [][2]string{{"a.png", "<script>"}}, "422 灯“照片”只收 png, jpeg"},
		{"too large", [][2]string{{"a.png", big}}, "422 灯“照片”最大 2 MB，这个文件有 4 MB"},
		{"too many", [][2]string{{"a.png", png}, {"b.png", png}, {"c.png", png}}, "422 灯“照片”最多 2 个"},
		{"a control character in the name", [][2]string{{"a\x1b.png", png}}, "400"},
		{"turned writing in the name", [][2]string{{"a\u202egnp.exe", png}}, "422"},
	} {
		t.Run(c.name, func(t *testing.T) {
			body, kind := multiform("灯", c.files...)
			for _, path := range []string{"/album", "/api/v1/album"} {
				w := ask(s, "POST", path, body, kind)
				if got := fmt.Sprint(w.Code, " ", w.Body); path == "/album" && !strings.HasPrefix(got, c.want) || !strings.HasPrefix(got, c.want[:3]) {
					t.Errorf("%s: %s, want %s", path, got, c.want)
				}
			}
		})
	}
}

func TestBrokenMultipart(t *testing.T) {
	s := site(t, config(t, albumRoute()))
	body, kind := multiform("灯", [2]string{"a.png", png})
	for _, half := range []string{body[:len(body)/2], body[:3], "--", strings.ReplaceAll(body, "words", strings.Repeat("w", 1<<20))} {
		if w := ask(s, "POST", "/album", half, kind); w.Code != 400 && w.Code != 422 {
			t.Errorf("%.20q…: %d", half, w.Code)
		}
	}
	if w := ask(s, "POST", "/album", body, "Content-Type: multipart/form-data"); w.Code != 400 {
		t.Errorf("no boundary: %d", w.Code)
	}
	if w := ask(s, "POST", "/album", "words="+strings.Repeat("x", 9<<20), onForm); w.Code != 413 {
		t.Errorf("too large: %d", w.Code)
	}
}
