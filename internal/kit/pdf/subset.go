package pdf

import (
	"encoding/binary"
	"slices"
)

// subset is a font in the making that holds the glyphs of one document, numbered in
// the order in which they were first used.
type subset struct {
	font   *Font
	old    []uint16          // by new number; 0 is the glyph of what is missing
	number map[uint16]uint16 // by old number
	runes  map[uint16]rune   // by new number, for copying and searching
}

func newSubset(f *Font) *subset {
	return &subset{font: f, old: []uint16{0}, number: map[uint16]uint16{0: 0}, runes: map[uint16]rune{}}
}

// use gives the number of a character's glyph. Two characters of the same glyph get
// one each, so that each can be copied as what it is.
func (s *subset) use(r rune) uint16 {
	g := s.font.glyphs[r]
	n, known := s.number[g]
	if known && (s.runes[n] == r || s.runes[n] == 0) {
		s.runes[n] = r
		return n
	}
	if known {
		for i, other := range s.runes {
			if other == r {
				return i
			}
		}
		s.old = append(s.old, g)
		n = uint16(len(s.old) - 1)
	} else {
		n = s.take(g)
	}
	s.runes[n] = r
	return n
}

func (s *subset) take(g uint16) uint16 {
	if n, known := s.number[g]; known {
		return n
	}
	s.old = append(s.old, g)
	s.number[g] = uint16(len(s.old) - 1)
	return s.number[g]
}

// file is the font that is embedded.
func (s *subset) file() []byte {
	var glyf, loca, hmtx []byte
	for i := 0; i < len(s.old); i++ { // grows: parts of composite glyphs are taken too
		outline := slices.Clone(s.font.outline(s.old[i]))
		for _, at := range s.font.components(outline) {
			binary.BigEndian.PutUint16(outline[at:], s.take(u16(outline, at)))
		}
		loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
		glyf = append(glyf, outline...)
		for len(glyf)%4 != 0 {
			glyf = append(glyf, 0)
		}
		hmtx = binary.BigEndian.AppendUint16(hmtx, s.font.advance(s.old[i]))
		hmtx = binary.BigEndian.AppendUint16(hmtx, s.font.bearing(s.old[i]))
	}
	loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
	tables := map[string][]byte{"glyf": glyf, "loca": loca, "hmtx": hmtx}
	for _, name := range []string{"head", "hhea", "maxp", "cvt ", "fpgm", "prep"} {
		if t, found := s.font.tables[name]; found {
			tables[name] = slices.Clone(t)
		}
	}
	binary.BigEndian.PutUint16(tables["head"][50:], 1) // long offsets
	binary.BigEndian.PutUint32(tables["head"][8:], 0)
	binary.BigEndian.PutUint16(tables["hhea"][34:], uint16(len(s.old)))
	binary.BigEndian.PutUint16(tables["maxp"][4:], uint16(len(s.old)))
	return assemble(tables)
}

// assemble puts tables together to a font file.
func assemble(tables map[string][]byte) []byte {
	var names []string
	for name := range tables {
		names = append(names, name)
	}
	slices.Sort(names)
	power := 1
	for power*2 <= len(names) {
		power *= 2
	}
	log := 0
	for 1<<(log+1) <= power {
		log++
	}
	out := binary.BigEndian.AppendUint32(nil, 0x00010000)
	for _, v := range []int{len(names), 16 * power, log, 16 * (len(names) - power)} {
		out = binary.BigEndian.AppendUint16(out, uint16(v))
	}
	at, head := 12+16*len(names), 0
	var body []byte
	for _, name := range names {
		t := tables[name]
		if name == "head" {
			head = at
		}
		out = append(out, name...)
		for _, v := range []int{int(checksum(t)), at, len(t)} {
			out = binary.BigEndian.AppendUint32(out, uint32(v))
		}
		padded := append(slices.Clone(t), make([]byte, (4-len(t)%4)%4)...)
		body = append(body, padded...)
		at += len(padded)
	}
	out = append(out, body...)
	binary.BigEndian.PutUint32(out[head+8:], 0xb1b0afba-checksum(out))
	return out
}

func checksum(b []byte) (sum uint32) {
	for len(b) >= 4 {
		sum += u32(b, 0)
		b = b[4:]
	}
	var rest [4]byte
	copy(rest[:], b)
	return sum + u32(rest[:], 0)
}
