package engine_test

import (
	"net/netip"
	"testing"

	"github.com/gosio/sio/engine"
)

func prefixes(list ...string) (p []netip.Prefix) {
	for _, s := range list {
		p = append(p, netip.MustParsePrefix(s))
	}
	return p
}

func TestClientAddress(t *testing.T) {
	const proxy = "10.0.0.1:1234"
	trusted := prefixes("10.0.0.0/8", "fd00::/8")
	for _, test := range []struct {
		name    string
		trusted []netip.Prefix
		header  string
		remote  string
		headers []string
		want    string
	}{
		{name: "nobody is trusted", remote: proxy, headers: []string{"X-Forwarded-For", "1.2.3.4"}, want: proxy},
		{name: "not a proxy", trusted: trusted, remote: "9.9.9.9:1", headers: []string{"X-Forwarded-For", "1.2.3.4"}, want: "9.9.9.9:1"},
		{name: "a proxy", trusted: trusted, remote: proxy, headers: []string{"X-Forwarded-For", "1.2.3.4"}, want: "1.2.3.4"},
		{name: "no header", trusted: trusted, remote: proxy, want: proxy},
		{name: "what a client made up", trusted: trusted, remote: proxy, headers: []string{"X-Forwarded-For", "6.6.6.6, 1.2.3.4"}, want: "1.2.3.4"},
		{name: "several proxies", trusted: trusted, remote: proxy, headers: []string{"X-Forwarded-For", "6.6.6.6, 1.2.3.4 ,10.9.9.9"}, want: "1.2.3.4"},
		{name: "several headers", trusted: trusted, remote: proxy, headers: []string{"X-Forwarded-For", "6.6.6.6,1.2.3.4", "X-Forwarded-For", "10.9.9.9"}, want: "1.2.3.4"},
		{name: "only proxies", trusted: trusted, remote: proxy, headers: []string{"X-Forwarded-For", "10.1.1.1, 10.9.9.9"}, want: "10.1.1.1"},
		{name: "rubbish", trusted: trusted, remote: proxy, headers: []string{"X-Forwarded-For", "1.2.3.4, unknown, 10.9.9.9"}, want: "10.9.9.9"},
		{name: "empty", trusted: trusted, remote: proxy, headers: []string{"X-Forwarded-For", ""}, want: proxy},
		{name: "IPv6", trusted: trusted, remote: "[fd00::1]:99", headers: []string{"X-Forwarded-For", "2001:db8::7"}, want: "2001:db8::7"},
		{name: "IPv6 with a port", trusted: trusted, remote: "[fd00::1]:99", headers: []string{"X-Forwarded-For", "[2001:db8::7]:80"}, want: "2001:db8::7"},
		{name: "mapped", trusted: trusted, remote: "[::ffff:10.0.0.1]:99", headers: []string{"X-Forwarded-For", "::ffff:1.2.3.4"}, want: "1.2.3.4"},
		{name: "Unix socket", trusted: trusted, remote: "@", headers: []string{"X-Forwarded-For", "1.2.3.4"}, want: "1.2.3.4"},
		{name: "another header is not believed", trusted: trusted, remote: proxy, headers: []string{"Forwarded", "for=1.2.3.4"}, want: proxy},
		{name: "Forwarded", trusted: trusted, header: "forwarded", remote: proxy,
			headers: []string{"Forwarded", `for=6.6.6.6, For="[2001:db8::7]:4711";proto=https;by=10.0.0.2`}, want: "2001:db8::7"},
		{name: "Forwarded, obscured", trusted: trusted, header: "Forwarded", remote: proxy, headers: []string{"Forwarded", "for=_hidden;by=x"}, want: proxy},
		{name: "header of a CDN", trusted: trusted, header: "CF-Connecting-IP", remote: proxy,
			headers: []string{"Cf-Connecting-Ip", "1.2.3.4", "X-Forwarded-For", "6.6.6.6"}, want: "1.2.3.4"},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := serve(t, &engine.Config{TrustedProxies: test.trusted, ProxyHeader: test.header}, from(test.remote))
			_ = f.handshake(test.headers...)
			if got := f.session().Handshake().RemoteAddr(); got != test.want {
				t.Errorf("address %q, want %q", got, test.want)
			}
		})
	}
}
