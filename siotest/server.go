package siotest

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"sync"
	"syscall"
	"testing"
)

// Server serves a handler on a network in memory.
type Server struct {
	listener *listener

	mu    sync.Mutex
	links []*Link
}

// NewServer serves h, which is a *sio.Server or anything that leads to one,
// until the test ends. Then all connections break and, if h has a method Close,
// as a *sio.Server does, it is called.
//
// In a bubble of testing/synctest everything must be made within the bubble: h,
// the server and the clients.
func NewServer(t testing.TB, h http.Handler) *Server {
	t.Helper()
	s := &Server{listener: &listener{conns: make(chan net.Conn), done: make(chan struct{})}}
	web := &http.Server{Handler: h}
	served := make(chan error, 1)
	go func() { served <- web.Serve(s.listener) }()
	t.Cleanup(func() {
		s.closeLinks()
		if closer, ok := h.(io.Closer); ok {
			_ = closer.Close()
		}
		_ = web.Close()
		if err := <-served; !errors.Is(err, http.ErrServerClosed) {
			t.Errorf("siotest: serving: %v", err)
		}
	})
	return s
}

// NewLink returns a way to the server for clients that are not of this
// package:
//
//	http.Client{Transport: &http.Transport{DialContext: srv.NewLink().DialContext}}
func (s *Server) NewLink() *Link {
	l := newLink(s.listener)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.links = append(s.links, l)
	return l
}

func (s *Server) closeLinks() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, l := range s.links {
		l.close()
	}
}

// listener accepts what a Link hands over.
type listener struct {
	conns chan net.Conn
	once  sync.Once
	done  chan struct{}

	mu   sync.Mutex
	port int // of the last client
}

// The addresses are those that are set aside for documentation (RFC 5737).
var (
	serverAddr = &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 80}
	clientIP   = net.IPv4(198, 51, 100, 1)
)

// addresses returns those of the two ends of a new connection.
func (l *listener) addresses() (client, server net.Addr) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.port++
	return &net.TCPAddr{IP: clientIP, Port: 49151 + l.port}, serverAddr
}

// hand gives the server its end of a connection.
func (l *listener) hand(ctx context.Context, c net.Conn) error {
	select {
	case l.conns <- c:
		return nil
	case <-l.done:
		return syscall.ECONNREFUSED
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (l *listener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}

func (l *listener) Close() error {
	l.once.Do(func() { close(l.done) })
	return nil
}

func (l *listener) Addr() net.Addr { return serverAddr }
