package schema

import (
	"bufio"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"io/fs"
	"strings"
	"testing"
)

// landed has a line "checksum  name" for each migration, as sha256sum writes it. It
// only ever grows: a line in it is the promise that databases have this migration,
// and a database does not run a migration again because its text has changed.
//
//go:embed landed.sha256
var landed string

func TestLandedMigrationsNeverChange(t *testing.T) {
	sums := checksums(t)
	for _, name := range migrations(t) {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			t.Fatal(err)
		}
		is := sha256.Sum256(text)
		switch sum := hex.EncodeToString(is[:]); sums[name] {
		case sum:
		case "":
			t.Errorf("%s is new: when it is ready to land, add the line to landed.sha256:\n%s  %s", name, sum, name)
		default:
			t.Errorf("%s has changed, but databases have it as it was: take the change back and write the next migration", name)
		}
		delete(sums, name)
	}
	for name := range sums {
		t.Errorf("%s is gone, but databases have it", name)
	}
}

func checksums(t *testing.T) map[string]string {
	sums := map[string]string{}
	for lines := bufio.NewScanner(strings.NewReader(landed)); lines.Scan(); {
		sum, name, ok := strings.Cut(lines.Text(), "  ")
		if !ok {
			t.Fatalf("landed.sha256: %q is no checksum and name", lines.Text())
		}
		sums[name] = sum
	}
	return sums
}
