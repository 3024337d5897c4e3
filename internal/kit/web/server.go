package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// Bounds of a connection, against readers and writers who never get done.
const (
	headerTime = 5 * time.Second
	readTime   = 30 * time.Second // headers and body, where a route says nothing else
	answerTime = 90 * time.Second
	idleTime   = 2 * time.Minute
	headerMost = 32 << 10 // bytes
)

// drainTime is how long requests under way may take to end.
const drainTime = 25 * time.Second

// Serve answers on the listener until ctx ends, then drains: /readyz says no,
// streams end, requests under way are finished, and only then it returns. lead is
// how long it keeps accepting after /readyz said no, so that a load balancer
// notices; 0 where there is none.
func (s *Site) Serve(ctx context.Context, l net.Listener, lead time.Duration) error {
	srv := &http.Server{
		Handler:           s,
		ReadHeaderTimeout: headerTime,
		ReadTimeout:       readTime,
		WriteTimeout:      answerTime,
		IdleTimeout:       idleTime,
		MaxHeaderBytes:    headerMost,
		ErrorLog:          slog.NewLogLogger(s.c.Log.Handler(), slog.LevelDebug),
	}
	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(l) }()
	select {
	case err := <-failed:
		return fmt.Errorf("web: serve: %w", err)
	case <-ctx.Done():
	}
	s.Drain()
	wait(failed, lead)
	return shutDown(srv)
}

// wait lets the lead pass, unless the server fails meanwhile.
func wait(failed chan error, lead time.Duration) {
	t := time.NewTimer(lead)
	defer t.Stop()
	select {
	case <-t.C:
	case <-failed:
	}
}

func shutDown(srv *http.Server) error {
	ctx, cancel := context.WithTimeout(context.Background(), drainTime)
	defer cancel()
	if err := srv.Shutdown(ctx); err != nil {
		return errors.Join(fmt.Errorf("web: drain: %w", err), srv.Close())
	}
	return nil
}
