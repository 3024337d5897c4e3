package web

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// networks are address ranges; as Config.Proxies those whose forwarding headers are believed.
type networks []netip.Prefix

func (n networks) holds(a netip.Addr) bool {
	return slices.ContainsFunc(n, func(p netip.Prefix) bool { return p.Contains(a) })
}

func (n networks) trusts(r *http.Request) bool { return n.holds(peer(r)) }

// client walks X-Forwarded-For from its end, past our own proxies, to the first
// address that somebody else wrote: everything before that may be invented.
func (n networks) client(r *http.Request) netip.Addr {
	at := peer(r)
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, hop := range slices.Backward(hops) {
		if !n.holds(at) {
			break
		}
		next, err := netip.ParseAddr(strings.TrimSpace(hop))
		if err != nil {
			break
		}
		at = next.Unmap()
	}
	return at
}

func peer(r *http.Request) netip.Addr {
	at, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return at.Addr().Unmap()
}
