package digest

import "testing"

func TestFieldsDoNotRunTogether(t *testing.T) {
	seen := map[string]string{}
	for name, b := range map[string][]byte{
		"ab,c": Text(Text(nil, "ab"), "c"), "a,bc": Text(Text(nil, "a"), "bc"), "abc": Text(nil, "abc"),
		"1:a;": Text(nil, "1:a;"), "empty": Text(nil, ""), "nothing": nil, "-1": Number(nil, -1), "1": Number(nil, 1), "least": Number(nil, -1<<63),
	} {
		if other, known := seen[Sum(b)]; known {
			t.Errorf("%s and %s have one sum", name, other)
		}
		seen[Sum(b)] = name
	}
	if got := string(Number(Text(nil, "理发"), -12)); got != "6:理发;3:-12;" {
		t.Errorf("written as %q", got)
	}
}
