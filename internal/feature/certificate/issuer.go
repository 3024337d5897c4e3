package certificate

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"sync"
	"time"

	"linli/internal/core/credential"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

// Issuer is the identity under which certificates are signed here.
type Issuer struct {
	db     *db.DB
	origin string // https://linli.example
	file   string // with the keys; empty: nothing is signed here

	mu   sync.Mutex
	ring credential.Keyring
	seen time.Time // the file's change that ring is of
}

// NewIssuer makes the identity of an instance at an origin, with keys in a file.
func NewIssuer(d *db.DB, origin, file string) *Issuer {
	return &Issuer{db: d, origin: origin, file: file}
}

// DID is the identity as the credentials name it.
func (i *Issuer) DID() string { return credential.WebDID(i.origin) }

// Name is the DID, or, where no address is known, the one that was used last.
func (i *Issuer) Name(ctx context.Context) (did string, err error) {
	if i.origin != "" {
		return i.DID(), nil
	}
	err = i.db.Read(ctx, func(tx *db.Tx) error {
		_, err := tx.Get(`SELECT did FROM issuer_key WHERE district = $1 ORDER BY created_at DESC LIMIT 1`, []any{house}, &did)
		return err
	})
	return did, err
}

// signer is the identity at one moment.
type signer struct {
	ring        credential.Keyring
	did, origin string
}

// errKeys is what a reader is told; the cause says the rest to the log.
func errKeys(cause error) error {
	return &fault.Error{Kind: fault.KindConflict, Msg: "现在开不了证明：签证明的钥匙出了问题，请告诉管理员。开好的证明不受影响。", Cause: cause}
}

// Ready loads the keys, or says what is wrong with them. At the first start it makes
// them. It looks at the file each time, so that a rotation needs no restart.
func (i *Issuer) Ready(ctx context.Context) (signer, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	changed, err := i.changed()
	if err == nil && changed {
		err = i.load(ctx)
	}
	if err != nil {
		return signer{}, errKeys(err)
	}
	return signer{i.ring, i.DID(), i.origin}, nil
}

// changed says whether the file is another than the one that was loaded.
func (i *Issuer) changed() (bool, error) {
	if i.file == "" {
		return false, errors.New("there is no key file in the settings")
	}
	info, err := os.Stat(i.file)
	if errors.Is(err, fs.ErrNotExist) {
		return true, nil
	}
	return err == nil && !info.ModTime().Equal(i.seen), err
}

// load reads the file and holds it against the keys that ever signed here.
func (i *Issuer) load(ctx context.Context) error {
	known, err := i.Known(ctx)
	if err != nil {
		return err
	}
	ring, err := credential.LoadKeyring(i.file)
	switch {
	case errors.Is(err, fs.ErrNotExist) && len(known) == 0:
		ring, err = i.create()
	case errors.Is(err, fs.ErrNotExist):
		err = fmt.Errorf("%s is gone, with the key that signs certificates. Put it back from a backup; if there is none, linli keys rotate --lost makes a new key, and certificates issued before stay valid", i.file)
	case err == nil && !continues(ring.Keys(), known):
		err = fmt.Errorf("%s is another key file: the key that signed certificates here, %s, is not in it", i.file, credential.PublicMultikey(known[0].Public))
	}
	if err != nil {
		return err
	}
	info, err := os.Stat(i.file)
	if err != nil {
		return err
	}
	if err := i.publish(ctx, ring.Keys()); err != nil {
		return err
	}
	i.ring, i.seen = ring, info.ModTime()
	return nil
}

func (i *Issuer) create() (credential.Keyring, error) {
	ring, err := credential.NewKeyring(i.db.Clock().Now())
	if err != nil {
		return ring, err
	}
	return ring, ring.Save(i.file)
}

// continues says whether the ring has the newest key that is known: then it is the
// same identity, or a later state of it.
func continues(ring, known []credential.Key) bool {
	return len(known) == 0 || slices.ContainsFunc(ring, func(k credential.Key) bool { return k.Public.Equal(known[0].Public) })
}

// Rotate makes a new key that signs from now on. With lost, the old private key is
// gone, and only its public half is taken over from the database.
func (i *Issuer) Rotate(ctx context.Context, lost bool) (credential.Key, error) {
	known, err := i.Known(ctx)
	if err != nil {
		return credential.Key{}, err
	}
	ring, err := credential.LoadKeyring(i.file)
	now := i.db.Clock().Now()
	switch {
	case lost && err == nil && continues(ring.Keys(), known):
		return credential.Key{}, fmt.Errorf("%s is there and can be read: leave --lost out", i.file)
	case lost:
		ring, err = credential.Lost(known, now)
	case errors.Is(err, fs.ErrNotExist) && len(known) == 0:
		return credential.Key{}, fmt.Errorf("%s: there is no key yet; linli serve makes it", i.file)
	case err == nil && !continues(ring.Keys(), known):
		return credential.Key{}, fmt.Errorf("%s is not the key file of this database; if the right one is lost, say --lost", i.file)
	case err == nil:
		ring, err = ring.Rotate(now)
	}
	if err != nil {
		return credential.Key{}, err
	}
	if err := ring.Save(i.file); err != nil {
		return credential.Key{}, err
	}
	return ring.Keys()[0], i.publish(ctx, ring.Keys())
}

// house is the district of what belongs to the whole instance.
const house = 0

// publish keeps the public halves in the database.
func (i *Issuer) publish(ctx context.Context, keys []credential.Key) error {
	did, err := i.Name(ctx)
	if err != nil {
		return err
	}
	return i.db.Write(ctx, func(tx *db.Tx) error {
		for _, k := range keys {
			if _, err := tx.Exec(`INSERT INTO issuer_key (district, public_key, did, created_at, retired_at) VALUES ($1, $2, $3, $4, $5)
				ON CONFLICT (district, public_key) DO UPDATE SET retired_at = excluded.retired_at`,
				house, credential.PublicMultikey(k.Public), did, k.Created.UnixMilli(), db.Millis(k.Retired)); err != nil {
				return err
			}
		}
		return nil
	})
}

// Known lists the public keys that ever signed here, the newest first.
func (i *Issuer) Known(ctx context.Context) (keys []credential.Key, err error) {
	err = i.db.Read(ctx, func(tx *db.Tx) error {
		keys, err = db.All(tx, scanKey, `SELECT public_key, created_at, retired_at FROM issuer_key WHERE district = $1
			ORDER BY CASE WHEN retired_at IS NULL THEN 0 ELSE 1 END, created_at DESC, public_key`, house)
		return err
	})
	return keys, err
}

func scanKey(s db.Scanner) (k credential.Key, err error) {
	var public string
	var created int64
	var retired *int64
	if err := s.Scan(&public, &created, &retired); err != nil {
		return k, err
	}
	k.Created, k.Retired = time.UnixMilli(created).UTC(), db.Moment(retired)
	k.Public, err = credential.ReadPublicMultikey(public)
	return k, err
}

// Moved names the identity under which certificates were issued before, when the
// instance has another address now.
func (i *Issuer) Moved(ctx context.Context) (before string, err error) {
	err = i.db.Read(ctx, func(tx *db.Tx) error {
		_, err := tx.Get(`SELECT did FROM issuer_key WHERE district = $1 AND did <> $2 ORDER BY created_at DESC LIMIT 1`, []any{house, i.DID()}, &before)
		return err
	})
	return before, err
}

// Document is the issuer's DID document. It needs no private key.
func (i *Issuer) Document(ctx context.Context) (credential.Document, error) {
	keys, err := i.Known(ctx)
	if err == nil && len(keys) == 0 {
		return nil, fault.NotFound("这里还没有开过证明。")
	}
	return credential.DIDDocument(i.DID(), keys), err
}
