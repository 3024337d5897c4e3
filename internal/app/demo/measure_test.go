package demo

import (
	"context"
	"testing"
	"time"

	"linli/internal/app"
	"linli/internal/core/auth"
	"linli/internal/feature/order"
	"linli/internal/kit/clock"
	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

func emptyHouse(t *testing.T, d *db.DB, demo *Demo) *app.App {
	t.Helper()
	roles, err := auth.New(auth.Options{DB: d, SMS: demo.Messages, Secret: make([]byte, 32)})
	if err != nil {
		t.Fatal(err)
	}
	return &app.App{DB: d, Auth: roles, Orders: order.NewService(d)}
}

func TestMeasure(t *testing.T) {
	d := dbtest.New(t, db.SQLite)
	ctx := context.Background()
	demo, err := Prepare(t.TempDir(), 1)
	if err != nil {
		t.Fatal(err)
	}
	a := emptyHouse(t, d, demo)
	el := clock.Stopwatch()
	if err := demo.Essential(ctx, a); err != nil {
		t.Fatal(err)
	}
	t.Log("essential", el().Round(time.Millisecond))
	if err := demo.Rest(ctx, a); err != nil {
		t.Fatal(err)
	}
	t.Log("all", el().Round(time.Millisecond))
	t.Log(demo.Doors())
}
