package pdf

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// Font is a TrueType font. It does not change and may be shared.
type Font struct {
	tables  map[string][]byte
	glyphs  map[rune]uint16
	offsets []uint32 // loca: glyph i is glyf[offsets[i]:offsets[i+1]]
	metrics int      // how many glyphs have an advance of their own
	em      int
}

var errFont = errors.New("pdf: not a TrueType font that can be embedded")

// ParseFont reads a font with outlines of TrueType (glyf); those with outlines of
// PostScript (.otf) and collections (.ttc) are refused.
func ParseFont(data []byte) (f *Font, err error) {
	defer func() {
		if recover() != nil { // an offset of a broken file leads out of it
			f, err = nil, errFont
		}
	}()
	f = &Font{tables: map[string][]byte{}}
	if v := u32(data, 0); v != 0x00010000 && v != 0x74727565 {
		return nil, errFont
	}
	for i := range int(u16(data, 4)) {
		entry := data[12+16*i:]
		at, size := u32(entry, 8), u32(entry, 12)
		f.tables[string(entry[:4])] = data[at : uint64(at)+uint64(size)]
	}
	for _, name := range []string{"head", "hhea", "maxp", "hmtx", "loca", "glyf", "cmap"} {
		if len(f.tables[name]) == 0 {
			return nil, fmt.Errorf("%w: it has no table %s", errFont, name)
		}
	}
	f.em, f.metrics = int(u16(f.tables["head"], 18)), int(u16(f.tables["hhea"], 34))
	if f.em == 0 || f.metrics == 0 {
		return nil, errFont
	}
	f.readOffsets()
	f.readCharacters()
	return f, f.check()
}

// check walks over all glyphs once, so that drawing cannot fail later.
func (f *Font) check() error {
	if len(f.glyphs) == 0 {
		return fmt.Errorf("%w: it names no characters", errFont)
	}
	for g := range uint16(len(f.offsets) - 1) {
		f.outline(g)
		f.advance(g)
		for _, at := range f.components(f.outline(g)) {
			f.outline(u16(f.outline(g), at))
		}
	}
	for _, g := range f.glyphs {
		f.outline(g)
	}
	return nil
}

func (f *Font) readOffsets() {
	n, loca := int(u16(f.tables["maxp"], 4)), f.tables["loca"]
	f.offsets = make([]uint32, n+1)
	for i := range f.offsets {
		if u16(f.tables["head"], 50) == 0 {
			f.offsets[i] = 2 * uint32(u16(loca, 2*i))
		} else {
			f.offsets[i] = u32(loca, 4*i)
		}
	}
}

// readCharacters takes the fullest table of characters that the font has.
func (f *Font) readCharacters() {
	cmap := f.tables["cmap"]
	f.glyphs = map[rune]uint16{}
	for i := range int(u16(cmap, 2)) {
		table := cmap[u32(cmap, 4+8*i+4):]
		switch u16(table, 0) {
		case 4:
			f.readSegments(table)
		case 12:
			f.readGroups(table)
		}
	}
}

func (f *Font) add(r rune, glyph uint16) {
	if glyph != 0 {
		f.glyphs[r] = glyph
	}
}

// readSegments reads format 4, which ends at U+FFFF.
func (f *Font) readSegments(table []byte) {
	n := int(u16(table, 6)) / 2
	ends, starts, deltas, ranges := 14, 16+2*n, 16+4*n, 16+6*n
	for s := range n {
		first, last := int(u16(table, starts+2*s)), int(u16(table, ends+2*s))
		delta, offset := u16(table, deltas+2*s), int(u16(table, ranges+2*s))
		for c := first; c <= last && c < 0xffff; c++ {
			glyph := uint16(c)
			if offset != 0 {
				if glyph = u16(table, ranges+2*s+offset+2*(c-first)); glyph == 0 {
					continue
				}
			}
			f.add(rune(c), glyph+delta)
		}
	}
}

// readGroups reads format 12, which knows all planes.
func (f *Font) readGroups(table []byte) {
	for i := range int(u32(table, 12)) {
		group := table[16+12*i:]
		first, last, glyph := u32(group, 0), u32(group, 4), u32(group, 8)
		for c := first; c <= last && c <= 0x10ffff; c++ {
			f.add(rune(c), uint16(glyph+c-first))
		}
	}
}

// Has says whether the font can draw a character.
func (f *Font) Has(r rune) bool { return f.glyphs[r] != 0 }

func (f *Font) outline(g uint16) []byte {
	return f.tables["glyf"][f.offsets[g]:f.offsets[g+1]]
}

// advance is the width of a glyph in units of the em.
func (f *Font) advance(g uint16) uint16 {
	return u16(f.tables["hmtx"], 4*min(int(g), f.metrics-1))
}

// bearing is how far left of its outline a glyph begins.
func (f *Font) bearing(g uint16) uint16 {
	if i := int(g); i >= f.metrics {
		return u16(f.tables["hmtx"], 4*f.metrics+2*(i-f.metrics))
	}
	return u16(f.tables["hmtx"], 4*int(g)+2)
}

// The flags of a component of a composite glyph.
const (
	wordArguments = 1 << 0
	scale         = 1 << 3
	more          = 1 << 5
	twoScales     = 1 << 6
	matrix        = 1 << 7
)

// components gives the offsets in an outline at which other glyphs are named.
func (f *Font) components(outline []byte) (at []int) {
	if len(outline) < 10 || int16(u16(outline, 0)) >= 0 {
		return nil
	}
	for i := 10; ; {
		flags := u16(outline, i)
		at = append(at, i+2)
		i += 6
		if flags&wordArguments != 0 {
			i += 2
		}
		switch {
		case flags&scale != 0:
			i += 2
		case flags&twoScales != 0:
			i += 4
		case flags&matrix != 0:
			i += 8
		}
		if flags&more == 0 {
			return at
		}
	}
}

func u16(b []byte, at int) uint16 { return binary.BigEndian.Uint16(b[at:]) }
func u32(b []byte, at int) uint32 { return binary.BigEndian.Uint32(b[at:]) }
