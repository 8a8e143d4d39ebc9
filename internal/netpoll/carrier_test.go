package netpoll_test

import (
	"crypto/tls"
	"net"
	"net/http/httptest"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/gosio/sio/internal/netpoll"
)

// carriers are the kinds of connections: each makes a wrapped end, and the
// peer's end.
var carriers = []struct {
	name   string
	polled bool
	open   func(t *testing.T) (*netpoll.Conn, net.Conn)
}{
	{"tcp", hasPoller, func(t *testing.T) (*netpoll.Conn, net.Conn) {
		a, b := connect(t, "tcp", "127.0.0.1:0")
		return polled(t, a), b
	}},
	{"unix", hasPoller, func(t *testing.T) (*netpoll.Conn, net.Conn) {
		a, b := connect(t, "unix", filepath.Join(t.TempDir(), "s"))
		return polled(t, a), b
	}},
	{"tcp portable", false, func(t *testing.T) (*netpoll.Conn, net.Conn) {
		a, b := connect(t, "tcp", "127.0.0.1:0")
		return netpoll.New(a, nil), b
	}},
	{"pipe", false, func(t *testing.T) (*netpoll.Conn, net.Conn) {
		a, b := net.Pipe()
		return netpoll.New(a, pollerOf(t)), b
	}},
	{"tls", false, func(t *testing.T) (*netpoll.Conn, net.Conn) {
		a, b := connect(t, "tcp", "127.0.0.1:0")
		ts := httptest.NewTLSServer(nil)
		defer ts.Close()
		client := tls.Client(b, &tls.Config{InsecureSkipVerify: true})
		go func() { _ = client.Handshake() }()
		return netpoll.New(tls.Server(a, &tls.Config{Certificates: ts.TLS.Certificates}), pollerOf(t)), client
	}},
}

// hasPoller says that plain connections are polled on this system.
const hasPoller = runtime.GOOS == "linux"

// pollerOf returns a Poller for the time of a test.
func pollerOf(t testing.TB) *netpoll.Poller {
	p := new(netpoll.Poller)
	t.Cleanup(p.Close)
	return p
}

// polled wraps a connection whose Reader leaves reading to the test.
func polled(t testing.TB, nc net.Conn) *netpoll.Conn {
	t.Helper()
	c := netpoll.New(nc, pollerOf(t))
	if c.Polled() {
		if err := c.Start(readerFunc(func([]byte) bool { return false })); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

type readerFunc func(scratch []byte) bool

func (f readerFunc) Readable(scratch []byte) bool { return f(scratch) }

// each runs a test over every kind of connection.
func each(t *testing.T, test func(t *testing.T, c *netpoll.Conn, peer net.Conn)) {
	for _, k := range carriers {
		t.Run(k.name, func(t *testing.T) {
			c, peer := k.open(t)
			defer func() {
				_ = c.Abort()
				_ = peer.Close()
			}()
			test(t, c, peer)
		})
	}
}

func connect(t testing.TB, network, address string) (server, client net.Conn) {
	t.Helper()
	l, err := net.Listen(network, address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	client, err = net.Dial(network, l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	server, err = l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	return server, client
}
