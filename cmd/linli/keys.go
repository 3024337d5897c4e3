package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"linli/internal/core/credential"
	"linli/internal/feature/certificate"
	"linli/internal/kit/db"
	"linli/internal/schema"
)

type keysCommand struct {
	Show   keysShow   `cmd:"" help:"Print the issuer and its public keys."`
	Rotate keysRotate `cmd:"" help:"Make a new key that signs from now on. Certificates signed before stay valid. A running server takes it up by itself."`
}

type keysShow struct{}

// Run prints what everybody may know.
func (keysShow) Run(w *work) error {
	return withIssuer(w, func(ctx context.Context, i *certificate.Issuer) error {
		known, err := i.Known(ctx)
		if err != nil {
			return err
		}
		did, err := i.Name(ctx)
		if err != nil {
			return err
		}
		fmt.Println(did)
		for _, k := range known {
			state := "signs"
			if !k.Retired.IsZero() {
				state = "signed until " + k.Retired.Format(time.RFC3339)
			}
			fmt.Printf("  %s  made %s, %s\n", credential.PublicMultikey(k.Public), k.Created.Format(time.RFC3339), state)
		}
		return nil
	})
}

type keysRotate struct {
	Lost bool `help:"The key file is lost and there is no backup: begin a new one. Certificates signed before stay valid."`
}

// Run makes the new key.
func (c *keysRotate) Run(w *work) error {
	return withIssuer(w, func(ctx context.Context, i *certificate.Issuer) error {
		key, err := i.Rotate(ctx, c.Lost)
		if err != nil {
			return err
		}
		fmt.Printf("%s signs from now on, in %s\n", credential.PublicMultikey(key.Public), w.settings.keys())
		return nil
	})
}

// withIssuer works on the issuer of a database that is there.
func withIssuer(w *work, fn func(context.Context, *certificate.Issuer) error) error {
	if _, err := os.Stat(w.settings.Database); err != nil && !strings.Contains(w.settings.Database, "://") {
		return err
	}
	d, err := db.Open(w.ctx, w.settings.Database, db.Options{Synchronous: w.settings.Synchronous})
	if err != nil {
		return err
	}
	defer d.Close()
	if err := schema.Up(w.ctx, d); err != nil {
		return err
	}
	return fn(w.ctx, certificate.NewIssuer(d, w.settings.PublicURL, w.settings.keys()))
}
