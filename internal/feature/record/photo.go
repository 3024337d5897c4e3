package record

import (
	"context"

	"linli/internal/core/access"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
	"linli/internal/kit/id"
	"linli/internal/kit/web"
)

// Photo is a picture that proves something. Its type was read from its first bytes,
// not from what the sender said.
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

func insertPhotos(tx *db.Tx, district int, about, by string, photos []Photo) error {
	for _, p := range photos {
		if _, err := tx.Exec(`INSERT INTO record_proof (district, id, about, mime, bytes, added_by, created_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7)`, district, p.ID, about, p.Mime, p.Data, by, tx.Now().UnixMilli()); err != nil {
			return err
		}
	}
	return nil
}

// photosAbout lists the ids of the pictures of an entry, a training or an award.
func photosAbout(tx *db.Tx, district int, about string) ([]string, error) {
	return db.All(tx, func(s db.Scanner) (id string, err error) { return id, s.Scan(&id) },
		`SELECT id FROM record_proof WHERE district = $1 AND about = $2 ORDER BY id`, district, about)
}

// EntryPhoto is one picture of a manual entry, for those who may see the entry.
func (s *Service) EntryPhoto(ctx context.Context, who access.Who, entry, photo string) (p Photo, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		e, err := seekEntry(tx, who, entry)
		if err != nil {
			return err
		}
		found, err := tx.Get(`SELECT id, mime, bytes FROM record_proof WHERE district = $1 AND about = $2 AND id = $3`,
			[]any{e.District, e.ID, photo}, &p.ID, &p.Mime, &p.Data)
		if err == nil && !found {
			err = fault.NotFound("没有这张照片。")
		}
		return err
	})
	return p, err
}
