package id

import (
	"encoding/binary"
	"time"

	"github.com/google/uuid"
)

// New makes an id that sorts after those made before it in this process.
func New() string {
	return uuid.Must(uuid.NewV7()).String()
}

// At makes an id for a moment and a serial: the same arguments give the same id,
// which a seeded data set needs. Serials up to 2^62 keep their order inside one
// millisecond.
func At(t time.Time, serial uint64) string {
	var u uuid.UUID
	ms := uint64(t.UnixMilli())
	binary.BigEndian.PutUint64(u[0:8], ms<<16|0x7000|serial>>50&0x0fff)
	binary.BigEndian.PutUint64(u[8:16], 1<<63|serial&(1<<62-1))
	return u.String()
}

// Valid says whether s has the form of an id.
func Valid(s string) bool {
	return len(s) == 36 && uuid.Validate(s) == nil
}
