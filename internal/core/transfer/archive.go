package transfer

import (
	"archive/zip"
	"encoding/xml"
	"fmt"
	"io"
	"path"
	"strings"

	"linli/internal/kit/fault"
)

// archive is the zip file that an XLSX is. Nothing of it is unpacked to disk, and
// its sizes are checked before any of it is unpacked at all.
type archive struct {
	parts map[string]*zip.File // by lower-case path without a leading slash
}

func openArchive(r io.ReaderAt, size int64, limits Limits) (*archive, error) {
	zr, err := zip.NewReader(r, size)
	if err != nil {
		return nil, broken(err)
	}
	if err := checkParts(zr.File, limits); err != nil {
		return nil, err
	}
	a := &archive{parts: make(map[string]*zip.File, len(zr.File))}
	for _, f := range zr.File {
		if key := partKey(f.Name); a.parts[key] == nil {
			a.parts[key] = f
		}
	}
	return a, nil
}

// checkParts trusts the sizes that the directory declares, because the zip reader
// fails on a part that unpacks to more.
func checkParts(files []*zip.File, limits Limits) error {
	if len(files) > limits.Parts {
		return bomb()
	}
	const small, encrypted = 1 << 20, 0x1
	var total uint64
	for _, f := range files {
		if f.Flags&encrypted != 0 {
			return fault.Invalid(field, "这个文件加了密码。请先去掉密码，另存以后再传。")
		}
		size, packed := f.UncompressedSize64, f.CompressedSize64
		if size > uint64(limits.Unpacked)-total || size > small && size/uint64(limits.Ratio) > packed {
			return bomb()
		}
		total += size
	}
	return nil
}

func partKey(name string) string {
	return strings.ToLower(strings.TrimPrefix(path.Clean(strings.ReplaceAll(name, `\`, "/")), "/"))
}

func (a *archive) has(name string) bool { return a.parts[partKey(name)] != nil }

// open starts to unpack a part; the count tells how far the reading is.
func (a *archive) open(name string) (io.Closer, *counter, error) {
	f := a.parts[partKey(name)]
	if f == nil {
		return nil, nil, broken(fmt.Errorf("no part %q", name))
	}
	r, err := f.Open()
	if err != nil {
		return nil, nil, broken(err)
	}
	return r, newCounter(r, int64(f.UncompressedSize64)), nil
}

// smallPart is the most that a part of the workbook's frame may have. Only sheets
// and shared texts are larger, and those are streamed.
const smallPart = 8 << 20

// decode reads a whole small part into a struct.
func (a *archive) decode(name string, into any) error {
	closer, r, err := a.open(name)
	if err != nil {
		return err
	}
	defer closer.Close()
	if r.total > smallPart {
		return bomb()
	}
	r.left = smallPart
	if err := xml.NewDecoder(r).Decode(into); err != nil {
		return broken(err)
	}
	return nil
}
