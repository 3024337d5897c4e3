package client

import (
	"bytes"
	"context"
	"mime/multipart"
	"net/http"
)

// attached is a file of a form.
type attached struct {
	field, name string
	data        []byte
}

// send posts a form with files in it.
func (c *Client) send(ctx context.Context, path string, fields map[string]string, files []attached, into any) error {
	kind, body, err := form(fields, files)
	if err != nil {
		return err
	}
	return c.make(ctx, call{method: http.MethodPost, path: path, key: NewKey(), kind: kind, body: body}, into)
}

func form(fields map[string]string, files []attached) (kind string, body []byte, err error) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for name, value := range fields {
		if err := w.WriteField(name, value); err != nil {
			return "", nil, err
		}
	}
	for _, f := range files {
		part, err := w.CreateFormFile(f.field, f.name)
		if err != nil {
			return "", nil, err
		}
		if _, err := part.Write(f.data); err != nil {
			return "", nil, err
		}
	}
	err = w.Close()
	return w.FormDataContentType(), b.Bytes(), err
}
