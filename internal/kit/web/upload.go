package web

import (
	"io"
	"mime/multipart"
	"net/http"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"linli/internal/kit/fault"
)

// Upload is a file that was sent with a form. Its field may say which content
// types it accepts (`accept:"image/jpeg,image/png"`) and how large it may be
// (`maxBytes`, default 5 MB); the route's MaxBody must leave room for it.
type Upload struct {
	Name string // as the sender called it, without directories
	Type string // what its first bytes look like, whatever the sender says
	Data []byte
}

func (b *binder) upload(f *field, v reflect.Value, t tree, at string) {
	u, ok := t.(Upload)
	if !ok {
		b.bad(at, "“%s”要选一个文件。", f.title(at))
		return
	}
	if int64(len(u.Data)) > f.rule.maxBytes {
		b.bad(at, "“%s”最大 %d MB，这个文件有 %d MB。", f.title(at), f.rule.maxBytes>>20, (len(u.Data)+1<<20-1)>>20)
		return
	}
	if len(f.rule.accept) > 0 && !slices.Contains(f.rule.accept, u.Type) {
		b.bad(at, "“%s”只收 %s，这个文件不是。", f.title(at), strings.Join(kinds(f.rule.accept), ", "))
		return
	}
	v.Set(reflect.ValueOf(u))
}

// kinds are the short names of content types: "image/jpeg" is jpeg.
func kinds(types []string) []string {
	out := make([]string, len(types))
	for i, t := range types {
		out[i] = t[strings.LastIndexByte(t, '/')+1:]
	}
	return out
}

// readUploads takes the files of a form whose body has been read already.
func readUploads(form *multipart.Form) (map[string][]tree, error) {
	files := map[string][]tree{}
	for name, headers := range form.File {
		for _, h := range headers {
			u, err := readUpload(h)
			if err != nil {
				return nil, err
			}
			if u.Name != "" || len(u.Data) > 0 { // an empty file input sends neither
				files[name] = append(files[name], u)
			}
		}
	}
	return files, nil
}

func readUpload(h *multipart.FileHeader) (Upload, error) {
	f, err := h.Open()
	if err != nil {
		return Upload{}, badJSON("文件没有收全，请再传一次。")
	}
	defer f.Close()
	data, err := io.ReadAll(f)
	if err != nil {
		return Upload{}, badJSON("文件没有收全，请再传一次。")
	}
	name := filepath.Base(strings.ReplaceAll(h.Filename, "\\", "/"))
	if h.Filename == "" {
		name = ""
	}
	if !clean(name) || len(name) > 255 {
		return Upload{}, fault.Invalid("", "文件名读不出来，请改个名字再传。")
	}
	return Upload{Name: name, Type: contentType(data), Data: data}, nil
}

// contentType looks at the bytes; XLSX and other zip files are told apart by the
// package that reads them.
func contentType(data []byte) string {
	t := http.DetectContentType(data)
	t, _, _ = strings.Cut(t, ";")
	return t
}
