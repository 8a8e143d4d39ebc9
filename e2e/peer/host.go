package peer

import (
	"errors"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/gosio/sio"
)

// Host is a Server on a port of its own, which can be restarted.
type Host struct {
	URL string // http://127.0.0.1:port

	port *net.TCPListener // holds the port, or others could take it during a restart

	cfg   *sio.Config
	files http.Handler

	mu   sync.Mutex
	sio  *Server
	http *http.Server
}

// Start serves a Server, whose Config may be nil, until the test ends. What is
// not for it is served by files, which may be nil.
func Start(t testing.TB, cfg *sio.Config, files http.Handler) *Host {
	t.Helper()
	h := &Host{cfg: cfg, files: files}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h.port = l.(*net.TCPListener)
	h.URL = "http://" + l.Addr().String()
	if err := h.Restart(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		h.stop()
		_ = h.port.Close()
	})
	return h
}

// listen returns another listener for the port.
func (h *Host) listen() (net.Listener, error) {
	f, err := h.port.File()
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	return net.FileListener(f)
}

func (h *Host) serve(l net.Listener) {
	h.sio = New(h.cfg)
	mux := http.NewServeMux()
	mux.Handle("/socket.io/", h.sio)
	if h.files != nil {
		mux.Handle("/", h.files)
	}
	h.http = &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	go func(s *http.Server) {
		if err := s.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			panic(err)
		}
	}(h.http)
}

func (h *Host) stop() {
	if h.http == nil {
		return
	}
	_ = h.http.Close()
	_ = h.sio.Close()
}

// Restart ends the server at once and starts a new one at the same address.
// Clients that connect in between have to wait.
func (h *Host) Restart() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.stop()
	l, err := h.listen()
	if err != nil {
		return err
	}
	h.serve(l)
	return nil
}

// Server returns the server that runs now.
func (h *Host) Server() *Server {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.sio
}
