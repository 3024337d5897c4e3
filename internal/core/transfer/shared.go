package transfer

import (
	"encoding/xml"
	"errors"
	"io"
)

// sharedTexts are the texts that cells refer to by number, in one piece of memory.
type sharedTexts struct {
	text []byte
	ends []uint32
}

func (s sharedTexts) at(i int) (string, bool) {
	if i < 0 || i >= len(s.ends) {
		return "", false
	}
	start := uint32(0)
	if i > 0 {
		start = s.ends[i-1]
	}
	return string(s.text[start:s.ends[i]]), true
}

// readShared reads the table of shared texts as a stream.
func (w *workbook) readShared(part string) error {
	closer, r, err := w.archive.open(part)
	if err != nil {
		return err
	}
	defer closer.Close()
	t := newTokens(r)
	for {
		token, err := t.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return broken(err)
		}
		if start, ok := token.(xml.StartElement); ok && start.Name.Local == "si" {
			text, err := t.richText("si")
			if err != nil {
				return broken(err)
			}
			if !w.shared.add(text, w.limits.Shared) {
				return bomb()
			}
		}
	}
}

// add refuses a text when all of them, with 4 bytes for the end of each, are more
// than most.
func (s *sharedTexts) add(text string, most int) bool {
	if len(s.text)+len(text)+4*len(s.ends) > most {
		return false
	}
	s.text = append(s.text, text...)
	s.ends = append(s.ends, uint32(len(s.text)))
	return true
}
