package engine

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// clientAddress returns the address that a request comes from, as "IP:port", or
// "IP" if proxies that are trusted say so.
func (c *Config) clientAddress(r *http.Request) string {
	if len(c.TrustedProxies) == 0 || !c.trusts(r.RemoteAddr) {
		return r.RemoteAddr
	}
	// Each proxy appends the address that it saw; what an untrusted one says before
	// that may be anything.
	address := r.RemoteAddr
	said := c.forwarded(r.Header)
	for i := len(said) - 1; i >= 0; i-- {
		ip, ok := parseAddress(said[i])
		if !ok {
			break
		}
		if address = ip.String(); !c.trusts(address) {
			break
		}
	}
	return address
}

// trusts reports whether an address is that of a proxy. A peer that has none, as
// over a Unix socket, is one.
func (c *Config) trusts(address string) bool {
	ip, ok := parseAddress(address)
	if !ok {
		return true
	}
	for _, prefix := range c.TrustedProxies {
		if prefix.Contains(ip) {
			return true
		}
	}
	return false
}

// forwarded returns the addresses that proxies have noted, the last one last.
func (c *Config) forwarded(h http.Header) (addresses []string) {
	for _, line := range h.Values(c.ProxyHeader) {
		for element := range strings.SplitSeq(line, ",") {
			if http.CanonicalHeaderKey(c.ProxyHeader) == "Forwarded" {
				element = forwardedFor(element)
			}
			addresses = append(addresses, element)
		}
	}
	return addresses
}

// forwardedFor returns the parameter "for" of an element of a Forwarded header
// (RFC 7239 section 4), or "".
func forwardedFor(element string) string {
	for pair := range strings.SplitSeq(element, ";") {
		name, value, _ := strings.Cut(pair, "=")
		if strings.EqualFold(strings.TrimSpace(name), "for") {
			return strings.Trim(strings.TrimSpace(value), `"`)
		}
	}
	return ""
}

// parseAddress parses an IP address, perhaps with a port, or in brackets.
func parseAddress(s string) (netip.Addr, bool) {
	s = strings.TrimSpace(s)
	if host, _, err := net.SplitHostPort(s); err == nil {
		s = host
	}
	ip, err := netip.ParseAddr(strings.TrimSuffix(strings.TrimPrefix(s, "["), "]"))
	return ip.Unmap().WithZone(""), err == nil
}
