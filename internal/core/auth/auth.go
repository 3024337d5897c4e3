package auth

import (
	"context"
	"errors"
	"log/slog"

	"linli/internal/core/auth/sms"
	"linli/internal/kit/db"
)

// secretBytes is the least length of the secret of the house.
const secretBytes = 32

// Options are what a service is made of. DB, SMS and Secret must be given.
type Options struct {
	DB     *db.DB
	SMS    sms.Sender
	Secret []byte       // at least 32 bytes, the same on every instance, outside of the database
	Cost   Cost         // default StandardCost; tests take less
	Log    *slog.Logger // default slog.Default
}

// Service holds the use cases of accounts. It is safe for concurrent use.
type Service struct {
	db        *db.DB
	sms       sms.Sender
	secret    []byte
	passwords *hasher
	cache     *cache
	log       *slog.Logger
}

// New makes a service.
func New(o Options) (*Service, error) {
	if len(o.Secret) < secretBytes {
		return nil, errors.New("auth: the secret has less than 32 bytes")
	}
	if o.Cost == (Cost{}) {
		o.Cost = StandardCost()
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	passwords, err := newHasher(o.Cost)
	if err != nil {
		return nil, err
	}
	return &Service{
		db: o.DB, sms: o.SMS, secret: o.Secret,
		passwords: passwords, cache: newCache(), log: o.Log,
	}, nil
}

// settle runs fn in one transaction that is kept when fn refuses and undone when
// it fails: a counted failure must outlive the refusal that it leads to. fn may
// run more than once.
func (s *Service) settle(ctx context.Context, fn func(*db.Tx) (refusal, err error)) error {
	var refusal error
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		refusal, err = fn(tx)
		return err
	})
	if err != nil {
		return err
	}
	return refusal
}
