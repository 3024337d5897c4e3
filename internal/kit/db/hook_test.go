package db_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
)

func TestHookJoinsTheFirstCommittedWrite(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var seen []string
		ctx := db.WithHook(t.Context(), db.Hook{
			First:  func(*db.Tx) error { seen = append(seen, "first"); return nil },
			Result: func(_ *db.Tx, v any) error { seen = append(seen, v.(string)); return nil },
		})
		no := errors.New("no")
		if err := d.Write(ctx, func(*db.Tx) error { return no }); !errors.Is(err, no) {
			t.Errorf("failing closure: %v", err)
		}
		for _, v := range []string{"a", "b"} {
			got, err := db.Returning(ctx, d, func(*db.Tx) (string, error) { return v, nil })
			if got != v || err != nil {
				t.Errorf("%q %v", got, err)
			}
		}
		if want := []string{"first", "first", "a"}; !slices.Equal(seen, want) {
			t.Errorf("hook saw %q, want %q", seen, want)
		}
	})
}

func TestHookEndsTheTransaction(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		stop := errors.New("stop")
		ctx := db.WithHook(context.Background(), db.Hook{First: func(*db.Tx) error { return stop }})
		got, err := db.Returning(ctx, d, func(*db.Tx) (string, error) { return "made", nil })
		if got != "" || !errors.Is(err, stop) {
			t.Errorf("%q %v", got, err)
		}
	})
}
