package engine_test

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/gosio/sio/engine"
)

func prefixes(list ...string) []netip.Prefix {
	var out []netip.Prefix
	for _, p := range list {
		out = append(out, netip.MustParsePrefix(p))
	}
	return out
}

var fromLoopback = prefixes("127.0.0.0/8", "10.0.0.0/8", "2001:db8:ff::/48")

// The address of a client is the last one that is not a proxy's, whatever the client
// has put in front of it. "peer" stands for that of the connection.
func TestTrustedProxies(t *testing.T) {
	const xff, fwd = "X-Forwarded-For", "Forwarded"
	f := serve(t, &engine.Config{TrustedProxies: fromLoopback})
	for _, c := range []struct {
		headers []string
		want    string
	}{
		{nil, "peer"},
		{[]string{xff, "192.0.2.1"}, "192.0.2.1"},
		{[]string{xff, "192.0.2.1:1234"}, "192.0.2.1:1234"},
		{[]string{xff, "2001:db8::1"}, "2001:db8::1"},
		{[]string{xff, "[2001:db8::1]:5"}, "[2001:db8::1]:5"},
		{[]string{xff, "198.51.100.7, 192.0.2.1"}, "192.0.2.1"},            // forged
		{[]string{xff, "198.51.100.7", xff, "192.0.2.1"}, "192.0.2.1"},     // in a line of its own
		{[]string{xff, "192.0.2.1, 10.1.2.3,2001:db8:ff::9"}, "192.0.2.1"}, // through more proxies
		{[]string{xff, "192.0.2.1", xff, "::ffff:10.1.2.3"}, "192.0.2.1"},  // one of them IPv4 in IPv6
		{[]string{xff, "10.0.0.1, 10.0.0.2"}, "10.0.0.1"},                  // from among the proxies
		{[]string{xff, "192.0.2.1, rubbish, 10.0.0.1"}, "10.0.0.1"},        // nothing before it is believed
		{[]string{xff, "192.0.2.1,"}, "peer"},
		{[]string{xff, ""}, "peer"},
		{[]string{xff, strings.Repeat("10.0.0.1,", 5000) + "192.0.2.1"}, "192.0.2.1"},

		{[]string{fwd, "for=192.0.2.1"}, "192.0.2.1"},
		{[]string{fwd, `for="192.0.2.1:80"`}, "192.0.2.1:80"},
		{[]string{fwd, `For="[2001:db8::1]:4711"`}, "[2001:db8::1]:4711"},
		{[]string{fwd, `for="[2001:db8::1]"`}, "[2001:db8::1]"},
		{[]string{fwd, `proto=https ; for=192.0.2.1;by="x,;y" , by=z;for=10.0.0.1`}, "192.0.2.1"},
		{[]string{fwd, "for=198.51.100.7, for=192.0.2.1"}, "192.0.2.1"},
		{[]string{fwd, "for=192.0.2.1, for=_hidden"}, "peer"},
		{[]string{fwd, "for=192.0.2.1, for=unknown, for=10.0.0.1"}, "10.0.0.1"},
		{[]string{fwd, "for=192.0.2.1, by=10.0.0.1"}, "peer"},
		// A client that begins a string does not swallow what the proxy appends.
		{[]string{fwd, `for="198.51.100.7, for=192.0.2.1`}, "peer"},
		{[]string{fwd, `for="x, for="[2001:db8::1]"`}, "peer"},
		{[]string{fwd, `for="x\", for="[2001:db8::1]";by="y"`}, "peer"},
		{[]string{fwd, `for=198.51.100.7;x="`, fwd, "for=192.0.2.1"}, "192.0.2.1"},
		{[]string{fwd, "for=192.0.2.1;for=198.51.100.7"}, "peer"},
		{[]string{fwd, "192.0.2.1"}, "peer"},
		{[]string{fwd, "for="}, "peer"},
		{[]string{fwd, "for=192.0.2.1,"}, "peer"},

		// Both are believed only if they agree.
		{[]string{xff, "192.0.2.1", fwd, "for=192.0.2.1"}, "192.0.2.1"},
		{[]string{xff, "192.0.2.1", fwd, "for=198.51.100.7"}, "peer"},
		{[]string{xff, "198.51.100.7", fwd, "for=192.0.2.1"}, "peer"},
	} {
		w, s := f.openWS(c.headers...)
		got, want := s.Handshake().RemoteAddr(), c.want
		if want == "peer" {
			want = w.conn.LocalAddr().String()
		}
		if got != want {
			t.Errorf("%.100q: address %q, want %q", c.headers, got, want)
		}
		s.Abort()
	}
}

func TestForwardedOverPolling(t *testing.T) {
	f := serve(t, &engine.Config{TrustedProxies: fromLoopback})
	if a := f.open("X-Forwarded-For", "192.0.2.1").s.Handshake().RemoteAddr(); a != "192.0.2.1" {
		t.Errorf("address %q", a)
	}
}

// Nobody else is believed.
func TestUntrustedPeer(t *testing.T) {
	for _, trusted := range [][]netip.Prefix{nil, prefixes("10.0.0.0/8", "::/0")} {
		f := serve(t, &engine.Config{TrustedProxies: trusted})
		w, s := f.openWS("X-Forwarded-For", "192.0.2.1", "Forwarded", "for=192.0.2.1")
		if a := s.Handshake().RemoteAddr(); a != w.conn.LocalAddr().String() {
			t.Errorf("address %q", a)
		}
	}
}

// A proxy on a Unix socket, which has no address, is trusted if any is.
func TestProxyOnUnixSocket(t *testing.T) {
	bubble(t, &engine.Config{TrustedProxies: fromLoopback}, func(t *testing.T, f *fixture) {
		if _, s := f.openWS("X-Forwarded-For", "192.0.2.1"); s.Handshake().RemoteAddr() != "192.0.2.1" {
			t.Errorf("address %q", s.Handshake().RemoteAddr())
		}
		if _, s := f.openWS(); s.Handshake().RemoteAddr() != "pipe" {
			t.Errorf("address %q", s.Handshake().RemoteAddr())
		}
	})
}
