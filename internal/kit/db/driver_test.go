package db_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestTheSQLiteDriverHasItsOwnLibc: the driver is generated for one version of
// its C library and breaks with any other, which "go get -u" would bring.
func TestTheSQLiteDriverHasItsOwnLibc(t *testing.T) {
	list := func(format, module string) string {
		out, err := exec.Command("go", "list", "-m", "-f", format, module).Output()
		must(t, err)
		return strings.TrimSpace(string(out))
	}
	text, err := os.ReadFile(list("{{.GoMod}}", "modernc.org/sqlite"))
	must(t, err)
	if used := list("{{.Path}} {{.Version}}", "modernc.org/libc"); !strings.Contains(string(text), used) {
		t.Errorf("%s is not what modernc.org/sqlite asks for", used)
	}
}
