package client_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gosio/sio"
	"github.com/gosio/sio/client"
	"github.com/gosio/sio/engine"
)

// modes are the ways in which a connection is carried.
var modes = map[string][]string{
	"polling":   {client.Polling},
	"websocket": {client.WebSocket},
	"upgrade":   {client.Polling, client.WebSocket},
}

// network runs a test over each transport on a real network, with a server that echoes.
func network(t *testing.T, start func(http.Handler) *httptest.Server, server *sio.Config, test func(t *testing.T, web *httptest.Server, cfg *client.Config)) {
	t.Helper()
	for name, transports := range modes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := sio.NewServer(server)
			sio.Handle(srv, "echo", func(_ context.Context, _ *sio.Socket, text string) (string, error) { return text, nil })
			web := start(srv)
			t.Cleanup(web.Close)
			t.Cleanup(func() { _ = srv.Close() })
			test(t, web, &client.Config{Transports: transports, NoReconnection: true})
		})
	}
}

// echo connects, and has a text come back over each transport that the connection has.
func echo(t *testing.T, address string, cfg *client.Config) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	upgraded := make(chan string, 1)
	own := *cfg
	own.Observer.Upgraded = func(transport string) { upgraded <- transport }
	s, err := client.Dial(ctx, address, &own)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	call := func() {
		text := strings.Repeat("hello ", 1000)
		if got, err := client.Call[string](ctx, s, "echo", text); got != text || err != nil {
			t.Errorf("%d bytes, %v", len(got), err)
		}
	}
	call()
	if len(cfg.Transports) == 2 {
		select {
		case <-upgraded:
			call()
		case <-ctx.Done():
			t.Error("not upgraded")
		}
	}
}

// startTLS starts a server that keeps to itself which clients it could not talk to.
func startTLS(h http.Handler, cfg *tls.Config) *httptest.Server {
	web := httptest.NewUnstartedServer(h)
	web.Config.ErrorLog = log.New(io.Discard, "", 0)
	web.TLS = cfg
	web.StartTLS()
	return web
}

// The http.Client says whom to trust, and the error whom it does not.
func TestTLS(t *testing.T) {
	plain := func(h http.Handler) *httptest.Server { return startTLS(h, nil) }
	network(t, plain, nil, func(t *testing.T, web *httptest.Server, cfg *client.Config) {
		var unknown x509.UnknownAuthorityError
		if _, err := client.Dial(t.Context(), web.URL, cfg); !errors.As(err, &unknown) {
			t.Errorf("%v", err)
		}
		roots := x509.NewCertPool()
		roots.AddCert(web.Certificate())
		transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}
		defer transport.CloseIdleConnections()
		cfg.HTTPClient = &http.Client{Transport: transport}
		echo(t, web.URL, cfg)
		echo(t, strings.Replace(web.URL, "https", "wss", 1), cfg)
	})
}

// A client that shows a certificate is known by it.
func TestClientCertificate(t *testing.T) {
	mutual := func(h http.Handler) *httptest.Server {
		return startTLS(h, &tls.Config{ClientAuth: tls.RequireAnyClientCert})
	}
	network(t, mutual, nil, func(t *testing.T, web *httptest.Server, cfg *client.Config) {
		roots := x509.NewCertPool()
		roots.AddCert(web.Certificate())
		transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}
		defer transport.CloseIdleConnections()
		cfg.HTTPClient = &http.Client{Transport: transport}
		if s, err := client.Dial(t.Context(), web.URL, cfg); err == nil {
			s.Close()
			t.Error("let in without a certificate")
		}
		with := transport.Clone()
		with.TLSClientConfig.Certificates = web.TLS.Certificates // any will do
		defer with.CloseIdleConnections()
		cfg.HTTPClient = &http.Client{Transport: with}
		echo(t, web.URL, cfg)
	})
}

// Everything goes through the proxy, which is asked for a tunnel where there is TLS.
func TestProxy(t *testing.T) {
	for scheme, start := range map[string]func(http.Handler) *httptest.Server{"http": httptest.NewServer, "https": httptest.NewTLSServer} {
		t.Run(scheme, func(t *testing.T) {
			network(t, start, nil, func(t *testing.T, web *httptest.Server, cfg *client.Config) {
				var tunnels, others atomic.Int32
				proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if user, password, ok := (&http.Request{Header: http.Header{"Authorization": r.Header["Proxy-Authorization"]}}).BasicAuth(); !ok || user != "me" || password != "secret" {
						w.WriteHeader(http.StatusProxyAuthRequired)
						return
					}
					if r.Method == http.MethodConnect {
						tunnels.Add(1)
						tunnel(w, r)
					} else {
						others.Add(1)
						forward(w, r)
					}
				}))
				defer proxy.Close()
				address, err := url.Parse(proxy.URL)
				if err != nil {
					t.Fatal(err)
				}
				address.User = url.UserPassword("me", "secret")
				transport := web.Client().Transport.(*http.Transport).Clone()
				transport.Proxy = http.ProxyURL(address)
				defer transport.CloseIdleConnections()
				cfg.HTTPClient = &http.Client{Transport: transport}
				echo(t, web.URL, cfg)
				if asked := tunnels.Load() > 0; asked != (scheme == "https") || tunnels.Load()+others.Load() == 0 {
					t.Errorf("%d tunnels, %d other requests", tunnels.Load(), others.Load())
				}
			})
		})
	}
}

// tunnel connects a client of a proxy with whom it wants.
func tunnel(w http.ResponseWriter, r *http.Request) {
	between(w, r, func(own, _ net.Conn) error {
		_, err := io.WriteString(own, "HTTP/1.1 200 OK\r\n\r\n")
		return err
	})
}

// forward is a proxy without TLS: what it forwards may become a WebSocket.
func forward(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Upgrade") == "" {
		r.Header.Set("Connection", "close")
	}
	between(w, r, func(_, server net.Conn) error { return r.Write(server) })
}

// between joins a client of a proxy and the server, when begin has begun.
func between(w http.ResponseWriter, r *http.Request, begin func(own, server net.Conn) error) {
	server, err := net.Dial("tcp", r.Host)
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	defer func() { _ = server.Close() }()
	own, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	defer func() { _ = own.Close() }()
	if begin(own, server) == nil {
		join(own, server)
	}
}

// join copies both ways until either ends.
func join(a, b net.Conn) {
	done := make(chan struct{}, 2)
	for _, way := range [][2]net.Conn{{a, b}, {b, a}} {
		go func() {
			_, _ = io.Copy(way[0], way[1])
			done <- struct{}{}
		}()
	}
	<-done
	_, _ = a.Close(), b.Close()
	<-done
}

// The connections may be made by any dialer.
func TestDialContext(t *testing.T) {
	network(t, httptest.NewServer, nil, func(t *testing.T, web *httptest.Server, cfg *client.Config) {
		var dialed atomic.Int32
		transport := &http.Transport{DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			dialed.Add(1)
			if address != "nowhere.example:80" {
				return nil, fmt.Errorf("dialing %s", address)
			}
			return new(net.Dialer).DialContext(ctx, network, web.Listener.Addr().String())
		}}
		defer transport.CloseIdleConnections()
		cfg.HTTPClient = &http.Client{Transport: transport}
		echo(t, "http://nowhere.example", cfg)
		if dialed.Load() == 0 {
			t.Error("not dialed")
		}
	})
}

// A Jar keeps the cookies of the server, and every request has them: sticky load balancing
// wants that.
func TestCookies(t *testing.T) {
	for _, keep := range []bool{true, false} {
		t.Run(fmt.Sprint(keep), func(t *testing.T) {
			var with, without atomic.Int32
			server := &sio.Config{Cookie: engine.NewCookie(), Middleware: []func(http.Handler) http.Handler{func(next http.Handler) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					id := r.URL.Query().Get("sid")
					if cookie, err := r.Cookie("io"); err == nil && cookie.Value == id {
						with.Add(1)
					} else if id != "" {
						without.Add(1)
					}
					next.ServeHTTP(w, r)
				})
			}}}
			t.Run("all", func(t *testing.T) {
				network(t, httptest.NewServer, server, func(t *testing.T, web *httptest.Server, cfg *client.Config) {
					cfg.HTTPClient = web.Client()
					if keep {
						cfg.HTTPClient.Jar, _ = cookiejar.New(nil)
					}
					echo(t, web.URL, cfg)
				})
			})
			if got, missing := with.Load(), without.Load(); keep != (got > 0) || keep == (missing > 0) {
				t.Errorf("%d requests with the cookie, %d without", got, missing)
			}
		})
	}
}

// Messages are compressed if both sides want that.
func TestCompression(t *testing.T) {
	network(t, httptest.NewServer, &sio.Config{PerMessageDeflate: &sio.Deflate{}}, func(t *testing.T, web *httptest.Server, cfg *client.Config) {
		traffic := func() int64 {
			var bytes atomic.Int64
			transport := &http.Transport{DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
				conn, err := new(net.Dialer).DialContext(ctx, network, address)
				return counted{conn, &bytes}, err
			}, DisableCompression: true}
			defer transport.CloseIdleConnections()
			cfg.HTTPClient = &http.Client{Transport: transport}
			echo(t, web.URL, cfg)
			return bytes.Load()
		}
		plain := traffic()
		cfg.PerMessageDeflate = &client.Deflate{}
		deflated := traffic()
		if wanted := cfg.Transports[len(cfg.Transports)-1] == client.WebSocket; wanted != (deflated < plain*3/4) {
			t.Errorf("%d bytes, and %d with compression", plain, deflated)
		}
	})
}

// counted counts what is read and written.
type counted struct {
	net.Conn
	bytes *atomic.Int64
}

func (c counted) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.bytes.Add(int64(n))
	return n, err
}

func (c counted) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	c.bytes.Add(int64(n))
	return n, err
}
