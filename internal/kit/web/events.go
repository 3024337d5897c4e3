package web

import (
	"context"
	"net/http"
	"strings"
	"time"

	"linli/internal/kit/clock"
)

// heartbeat keeps proxies from closing a quiet stream.
const heartbeat = 20 * time.Second

// writeTime is how long a reader of a stream may take to swallow one event.
const writeTime = 15 * time.Second

// Events answers with a stream of server-sent events. feed sends until its
// context ends: the reader has gone, or the server drains. Between events it
// waits on the context and on whatever tells it that there is news; heartbeats
// are sent meanwhile.
func Events(feed func(ctx context.Context, s *Stream) error) Answer { return events{feed} }

type events struct {
	feed func(context.Context, *Stream) error
}

// Stream is the reader's end of a stream. One goroutine feeds it.
type Stream struct {
	w       http.ResponseWriter
	control *http.ResponseController
	turn    chan struct{} // holds one token: the right to write
}

func (e events) send(r *Request) error {
	h := r.w.Header()
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no")
	s := &Stream{w: r.w, control: http.NewResponseController(r.w), turn: make(chan struct{}, 1)}
	s.turn <- struct{}{}
	_ = s.control.SetReadDeadline(time.Time{})
	r.w.WriteHeader(http.StatusOK)
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	stop := context.AfterFunc(r.site.draining, cancel)
	defer stop()
	if err := s.write(": hello\n\n"); err != nil {
		return gone(err)
	}
	beats := make(chan struct{})
	go func() {
		defer close(beats)
		s.beat(ctx, cancel)
	}()
	err := e.feed(ctx, s)
	cancel()
	<-beats
	if ctx.Err() != nil && err == nil || err == context.Canceled {
		return nil
	}
	return gone(err)
}

// Send writes one event and pushes it out. id may be empty; a browser that comes
// back sends the last one as Last-Event-ID.
func (s *Stream) Send(id, event, data string) error {
	var b strings.Builder
	if id != "" {
		b.WriteString("id: " + oneLine(id) + "\n")
	}
	if event != "" {
		b.WriteString("event: " + oneLine(event) + "\n")
	}
	for line := range strings.SplitSeq(strings.ReplaceAll(data, "\r", ""), "\n") {
		b.WriteString("data: " + line + "\n")
	}
	b.WriteString("\n")
	return s.write(b.String())
}

func oneLine(s string) string { return strings.NewReplacer("\r", " ", "\n", " ").Replace(s) }

// beat runs beside the feed and ends it when the reader has gone.
func (s *Stream) beat(ctx context.Context, cancel context.CancelFunc) {
	t := time.NewTicker(heartbeat)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			if s.write(": beat\n\n") != nil {
				cancel()
				return
			}
		}
	}
}

func (s *Stream) write(text string) error {
	<-s.turn
	defer func() { s.turn <- struct{}{} }()
	_ = s.control.SetWriteDeadline(clock.System{}.Now().Add(writeTime))
	if _, err := s.w.Write([]byte(text)); err != nil {
		return err
	}
	return s.control.Flush()
}
