package config

import (
	"fmt"
	"io"
	"net/url"
	"reflect"
	"strings"

	"github.com/alecthomas/kong"
)

// mask stands for a secret that is set.
const mask = "••••••"

// Show writes all settings that hold for every command, in the form of a file,
// each with its help and where its value came from. Secrets are masked.
func (s *Settings) Show(w io.Writer) error {
	var b strings.Builder
	for _, flag := range s.Model.Flags {
		if flag.Name == "help" || flag.Name == fileFlag {
			continue
		}
		fmt.Fprintf(&b, "# %s\n# %s\n%s = %s\n\n", flag.Help, s.from(flag), flag.Name, shown(flag.Value))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// from says where a value came from.
func (s *Settings) from(flag *kong.Flag) string {
	if origin := s.origin[flag.Value]; origin != "" {
		return "from " + origin
	}
	for _, p := range s.Path {
		if p.Flag == flag {
			return "from the command line"
		}
	}
	return "default; $" + variable(s.prefix, flag.Name)
}

func shown(v *kong.Value) string {
	text := plain(v.Target)
	switch secret := v.Tag.Get("secret"); {
	case text == "" || secret == "":
		return text
	case secret == "url":
		return withoutPassword(text)
	}
	return mask
}

func plain(v reflect.Value) string {
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return ""
		}
		v = v.Elem()
	}
	if v.Kind() != reflect.Slice {
		return fmt.Sprint(v.Interface())
	}
	parts := make([]string, v.Len())
	for i := range parts {
		parts[i] = fmt.Sprint(v.Index(i).Interface())
	}
	return strings.Join(parts, ",")
}

// withoutPassword masks the password of an address, also where it stands among
// the parameters; what cannot be read as an address is masked as a whole. A plain
// path is none and stays as it is.
func withoutPassword(address string) string {
	if !strings.Contains(address, "://") {
		return address
	}
	u, err := url.Parse(address)
	if err != nil {
		return mask
	}
	if _, ok := u.User.Password(); ok {
		u.User = url.UserPassword(u.User.Username(), "xxxxxx")
	}
	if q := u.Query(); q.Has("password") {
		q.Set("password", "xxxxxx")
		u.RawQuery = q.Encode()
	}
	return u.String()
}
