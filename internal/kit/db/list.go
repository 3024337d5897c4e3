package db

import (
	"strconv"
	"strings"
)

// Places is the list "$from, $from+1, …" of n binds for IN (storage rule 13).
func Places(from, n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString("$" + strconv.Itoa(from+i))
	}
	return b.String()
}
