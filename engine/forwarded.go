package engine

import (
	"net/http"
	"net/netip"
	"strings"
)

// clientAddress returns the address of the client that a request comes from: of the
// TCP peer, or, if that is a proxy of TrustedProxies, the last address that the
// proxies name and that is none of theirs.
func (c *Config) clientAddress(r *http.Request) string {
	if len(c.TrustedProxies) == 0 || !c.trusts(r.RemoteAddr) {
		return r.RemoteAddr
	}
	list, standard := r.Header["X-Forwarded-For"], r.Header["Forwarded"]
	switch {
	case len(standard) == 0:
		return c.lastUntrusted(r.RemoteAddr, list, splitList)
	case len(list) == 0:
		return c.lastUntrusted(r.RemoteAddr, standard, splitForwarded)
	}
	// A proxy that knows one of them only passes the other on as the client made it up.
	a := c.lastUntrusted(r.RemoteAddr, list, splitList)
	b := c.lastUntrusted(r.RemoteAddr, standard, splitForwarded)
	if x, ok := parseAddress(a); ok {
		if y, ok := parseAddress(b); ok && x == y {
			return a
		}
	}
	return r.RemoteAddr
}

// lastUntrusted goes through the addresses of a header from the last one to the first,
// as long as they are those of proxies.
func (c *Config) lastUntrusted(peer string, lines []string, split func(string) []string) string {
	address := peer
	for i := len(lines) - 1; i >= 0; i-- {
		nodes := split(lines[i])
		for j := len(nodes) - 1; j >= 0; j-- {
			if _, ok := parseAddress(nodes[j]); !ok {
				return address // hidden, or rubbish: what is before it may be anybody's
			}
			if address = nodes[j]; !c.trusts(address) {
				return address
			}
		}
		if len(nodes) == 0 {
			return address
		}
	}
	return address
}

// trusts reports whether an address is that of a proxy. What has no IP address
// came over a Unix socket.
func (c *Config) trusts(address string) bool {
	a, ok := parseAddress(address)
	if !ok {
		return true
	}
	for _, p := range c.TrustedProxies {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// parseAddress parses an IP address, with or without brackets and a port. One of IPv4
// in an IPv6 one is the former; zones do not count.
func parseAddress(s string) (netip.Addr, bool) {
	if ap, err := netip.ParseAddrPort(s); err == nil {
		return ap.Addr().Unmap().WithZone(""), true
	}
	if strings.HasPrefix(s, "[") && strings.HasSuffix(s, "]") {
		s = s[1 : len(s)-1]
	}
	a, err := netip.ParseAddr(s)
	return a.Unmap().WithZone(""), err == nil
}

// splitList splits a line of X-Forwarded-For.
func splitList(line string) []string {
	nodes := strings.Split(line, ",")
	for i, n := range nodes {
		nodes[i] = strings.TrimSpace(n)
	}
	return nodes
}

// splitForwarded returns what the elements of a line of Forwarded have for "for",
// "" for those without; nothing if the line is malformed (RFC 7239 section 4).
func splitForwarded(line string) []string {
	var nodes []string
	node, rest := "", line
	for {
		name, after, ok := strings.Cut(rest, "=")
		if !ok {
			return nil
		}
		value, after, ok := cutValue(after)
		if !ok {
			return nil
		}
		switch name = strings.TrimSpace(name); {
		case name == "" || strings.ContainsAny(name, `",;`):
			return nil
		case strings.EqualFold(name, "for") && node != "":
			return nil
		case strings.EqualFold(name, "for"):
			node = value
		}
		if after == "" || after[0] == ',' {
			nodes, node = append(nodes, node), ""
		}
		if after == "" {
			return nodes
		}
		rest = after[1:]
	}
}

// cutValue takes a token or a quoted string from the front of s. What follows begins with
// a separator, or is empty.
func cutValue(s string) (value, rest string, ok bool) {
	if !strings.HasPrefix(s, `"`) {
		end := strings.IndexAny(s, ",;")
		if end < 0 {
			end = len(s)
		}
		value = strings.TrimSpace(s[:end])
		return value, s[end:], value != "" && !strings.ContainsAny(value, `"\`)
	}
	end := strings.IndexByte(s[1:], '"')
	if end < 0 {
		return "", "", false
	}
	value, rest = s[1:end+1], strings.TrimLeft(s[end+2:], " \t")
	// What is escaped is no address, and might hide where the string ends.
	return value, rest, !strings.Contains(value, `\`) && (rest == "" || rest[0] == ',' || rest[0] == ';')
}
