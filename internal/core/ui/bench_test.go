package ui

import (
	"io"
	"testing"
)

func BenchmarkPage(b *testing.B) {
	for _, path := range []string{"/", "/board", "/request"} {
		b.Run(path, func(b *testing.B) {
			s := samples()[path]
			ctx := WithShell(b.Context(), s.shell)
			b.ReportAllocs()
			for b.Loop() {
				if err := s.page(ctx).Render(ctx, io.Discard); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
