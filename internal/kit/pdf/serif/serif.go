package serif

import (
	_ "embed"
	"fmt"
	"sync"

	"github.com/klauspost/compress/zstd"

	"linli/internal/kit/pdf"
)

//go:embed NotoSerifSC-Regular.ttf.zst
var regular []byte

//go:embed NotoSerifJP-Rare.ttf.zst
var rare []byte

// Fonts are unpacked when they are first asked for, and then shared.
var Fonts = sync.OnceValues(func() (pdf.Fonts, error) {
	unpacker, err := zstd.NewReader(nil)
	if err != nil {
		return nil, err
	}
	defer unpacker.Close()
	var fonts pdf.Fonts
	for _, packed := range [][]byte{regular, rare} {
		text, err := unpacker.DecodeAll(packed, nil)
		if err != nil {
			return nil, fmt.Errorf("serif: %w", err)
		}
		font, err := pdf.ParseFont(text)
		if err != nil {
			return nil, err
		}
		fonts = append(fonts, font)
	}
	return fonts, nil
})
