package order

import (
	"context"
	"io"

	"linli/internal/core/access"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
	"linli/internal/kit/id"
	"linli/internal/kit/web"
)

// Photo is a picture that came with a request. Its type was read from its first
// bytes, not from what the sender said.
type Photo struct {
	ID   string
	Mime string
	Data []byte
}

func photosOf(uploads []web.Upload) []Photo {
	var out []Photo
	for _, u := range uploads {
		out = append(out, Photo{ID: id.New(), Mime: u.Type, Data: u.Data})
	}
	return out
}

func insertPhotos(tx *db.Tx, o *Order, by string, photos []Photo) error {
	for _, p := range photos {
		if _, err := tx.Exec(`INSERT INTO order_photo (district, id, order_id, mime, bytes, added_by, created_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			o.District, p.ID, o.ID, p.Mime, p.Data, by, tx.Now().UnixMilli()); err != nil {
			return err
		}
	}
	return nil
}

// Photo is one picture, for those who may see the order from near.
func (s *Service) Photo(ctx context.Context, who access.Who, orderID, photoID string) (p Photo, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		o, err := s.peek(tx, who, orderID)
		if err != nil {
			return err
		}
		if onlyNeighbour(o) && !access.May(who, access.OrderList, o.ProcessTarget()) {
			return fault.NotFound("没有这张照片。")
		}
		found, err := tx.Get(`SELECT id, mime, bytes FROM order_photo WHERE district = $1 AND order_id = $2 AND id = $3`,
			[]any{o.District, o.ID, photoID}, &p.ID, &p.Mime, &p.Data)
		if err == nil && !found {
			err = fault.NotFound("没有这张照片。")
		}
		return err
	})
	return p, err
}

type photoInput struct {
	ID    string `path:"id"`
	Photo string `path:"photo"`
}

func (h *Handlers) photo(r *web.Request, in photoInput) (Photo, error) {
	return h.orders.Photo(r.Context(), access.Of(r), in.ID, in.Photo)
}

func (h *Handlers) photoPage(_ *web.Request, p Photo) web.Answer {
	return web.File("", p.Mime, func(w io.Writer) error {
		_, err := w.Write(p.Data)
		return err
	})
}
