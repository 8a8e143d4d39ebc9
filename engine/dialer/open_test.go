package dialer_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gosio/sio/engine"
	"github.com/gosio/sio/engine/dialer"
)

// carriers are the ways to carry a session.
var carriers = map[string][]string{"polling": {dialer.Polling}, "websocket": {dialer.WebSocket}, "upgrade": nil}

var samples = []message{
	text(""), text("hello"), text("€ and 😀"), text("a\nb"), text(strings.Repeat("large €", 20_000)),
	binary(""), binary("\x00\x01\xff"), binary("\x04\x1e"), binary(strings.Repeat("\x00\xffmany", 20_000)), text("end"),
}

// Messages of all kinds, in both directions, over whatever there is.
func TestMessages(t *testing.T) {
	for name, transports := range carriers {
		for _, version := range []int{4, 3} {
			for _, base64 := range []bool{false, true} {
				for _, split := range []int{0, 100} {
					t.Run(fmt.Sprintf("%s v%d base64=%v split=%d", name, version, base64, split), func(t *testing.T) {
						bubble(t, &engine.Config{AllowEIO3: true}, func(t *testing.T, f *fixture) {
							f.link.Split(split)
							c, s := f.dial(over(transports...), func(cfg *dialer.Config) { cfg.Version, cfg.ForceBase64 = version, base64 })
							for range 2 {
								c.send(t, samples...)
								s.expect(t, samples...)
								s.send(t, samples...)
								c.expect(t, samples...)
								if transports == nil && c.Transport() == dialer.Polling {
									f.upgraded(c)
								}
							}
							h := c.Handshake()
							if c.ID() != s.ID() || c.ID() != h.SID || c.Version() != version || s.Protocol() != version || c.Transport() != s.Transport() {
								t.Errorf("%+v, version %d, %s; server: %d, %s", h, c.Version(), c.Transport(), s.Protocol(), s.Transport())
							}
							if h.PingInterval != engine.DefaultPingInterval || h.PingTimeout != engine.DefaultPingTimeout || h.MaxPayload != engine.DefaultMaxPayload {
								t.Errorf("%+v", h)
							}
							c.Close()
							if err := c.ends(t, dialer.ForcedClose); err != nil {
								t.Error(err)
							}
							if e := get(t, "end of the server's session", s.ended); e.reason != engine.TransportClose {
								t.Errorf("server: %v", e)
							}
						})
					})
				}
			}
		}
	}
}

// What a server sends in one answer with the handshake comes behind accept.
func TestInitialMessage(t *testing.T) {
	for name, transports := range carriers {
		t.Run(name, func(t *testing.T) {
			bubble(t, &engine.Config{InitialMessage: "welcome"}, func(t *testing.T, f *fixture) {
				c, _ := f.dial(over(transports...))
				c.expect(t, text("welcome"))
			})
		})
	}
}

// The parameters and headers of requests.
func TestRequests(t *testing.T) {
	id := "[0-9A-Za-z_-]+"
	const stamp = "&t=[0-9a-z]{8}"
	for name, test := range map[string]struct {
		change func(*dialer.Config)
		want   []string // patterns of the queries; after "?" of one that a quick upgrade does without
	}{
		"plain":       {over(), []string{"EIO=4&transport=polling" + stamp, "?EIO=4&transport=polling&sid=" + id + stamp, "EIO=4&transport=websocket&sid=" + id}},
		"query":       {func(c *dialer.Config) { c.URL.RawQuery, c.URL.Fragment = "a=b&c=%20", "x" }, []string{"a=b&c=%20&EIO=4&transport=polling" + stamp, "?a=b&c=%20&EIO=4&transport=polling&sid=" + id + stamp, "a=b&c=%20&EIO=4&transport=websocket&sid=" + id}},
		"version 3":   {func(c *dialer.Config) { c.Version = 3 }, []string{"EIO=3&transport=polling" + stamp, "?EIO=3&transport=polling&sid=" + id + stamp, "EIO=3&transport=websocket&sid=" + id}},
		"base64":      {func(c *dialer.Config) { c.ForceBase64 = true }, []string{"EIO=4&transport=polling" + stamp + "&b64=1", "?EIO=4&transport=polling&sid=" + id + stamp, "EIO=4&transport=websocket&sid=" + id + "&b64=1"}},
		"timestamps":  {func(c *dialer.Config) { c.TimestampRequests = true }, []string{"EIO=4&transport=polling" + stamp, "?EIO=4&transport=polling&sid=" + id + stamp, "EIO=4&transport=websocket&sid=" + id + stamp}},
		"WebSocket":   {over(dialer.WebSocket), []string{"EIO=4&transport=websocket"}},
		"no upgrade":  {func(c *dialer.Config) { c.NoUpgrade = true }, []string{"EIO=4&transport=polling" + stamp, "EIO=4&transport=polling&sid=" + id + stamp}},
		"not wanted":  {over(dialer.Polling), []string{"EIO=4&transport=polling" + stamp, "EIO=4&transport=polling&sid=" + id + stamp}},
		"other order": {over(dialer.WebSocket, dialer.Polling), []string{"EIO=4&transport=websocket"}},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, &engine.Config{AllowEIO3: true}, func(t *testing.T, f *fixture) {
				c, s := f.dial(test.change, func(cfg *dialer.Config) {
					cfg.Header = http.Header{"X-Test": {"a", "b"}, "User-Agent": {"test"}, "Host": {"other.test"}}
					cfg.Protocols = []string{"one", "two"}
				})
				c.send(t, text("x"))
				s.expect(t, text("x"))
				synctest.Wait()
				seen := make(map[string]bool)
				for range len(f.requests) {
					r := <-f.requests
					seen[r.URL.RawQuery] = true
					if r.URL.Path != "/engine.io/" || r.Host != "other.test" || fmt.Sprint(r.Header["X-Test"]) != "[a b]" || r.UserAgent() != "test" || r.Header["Host"] != nil {
						t.Errorf("%s %s %v", r.Host, r.URL, r.Header)
					}
					if p := r.Header.Get("Sec-WebSocket-Protocol"); r.URL.Query().Get("transport") == dialer.WebSocket && p != "one, two" {
						t.Errorf("subprotocols %q", p)
					}
					if ct := r.Header.Get("Content-Type"); r.Method == http.MethodPost && ct != "text/plain;charset=UTF-8" {
						t.Errorf("content type %q", ct)
					}
					if r.Method == http.MethodGet && (r.ContentLength != 0 || len(r.TransferEncoding) > 0) {
						t.Errorf("a GET with a body of %d bytes", r.ContentLength)
					}
				}
				for query := range seen {
					known := false
					for _, pattern := range test.want {
						pattern = strings.TrimPrefix(pattern, "?")
						known = known || regexp.MustCompile("^"+pattern+"$").MatchString(query)
					}
					if !known {
						t.Errorf("unexpected %s", query)
					}
				}
				for _, pattern := range test.want {
					pattern, found := strings.CutPrefix(pattern, "?")
					for query := range seen {
						found = found || regexp.MustCompile("^"+pattern+"$").MatchString(query)
					}
					if !found {
						t.Errorf("no %s in %v", pattern, seen)
					}
				}
			})
		})
	}
}

// Cookies, and redirects, are the http.Client's.
func TestHTTPClient(t *testing.T) {
	bubble(t, &engine.Config{Cookie: engine.NewCookie()}, func(t *testing.T, f *fixture) {
		jar, _ := cookiejar.New(nil)
		c, s := f.dial(func(cfg *dialer.Config) {
			cfg.HTTPClient.Jar = jar
			cfg.HTTPClient.Timeout = time.Second // which is not for polls
		}, over(dialer.Polling))
		time.Sleep(time.Minute)
		c.send(t, text("x"))
		s.expect(t, text("x"))
		<-f.requests
		for range len(f.requests) {
			if cookie, err := (<-f.requests).Cookie("io"); err != nil || cookie.Value != c.ID() {
				t.Errorf("cookie %v, %v", cookie, err)
			}
		}
	})
}

// A network that is real, with connections that are polled, and TLS.
func TestNetwork(t *testing.T) {
	for scheme, start := range map[string]func(http.Handler) *httptest.Server{
		"http": httptest.NewServer, "https": httptest.NewTLSServer,
		"http/2": func(h http.Handler) *httptest.Server {
			s := httptest.NewUnstartedServer(h)
			s.EnableHTTP2 = true
			s.StartTLS()
			return s
		},
	} {
		for name, transports := range carriers {
			for _, deflate := range []*dialer.Deflate{nil, {Threshold: 1}} {
				t.Run(fmt.Sprint(scheme, name, deflate != nil), func(t *testing.T) {
					t.Parallel()
					sessions := make(chan *session, 1)
					srv := engine.NewServer(&engine.Config{PerMessageDeflate: &engine.Deflate{}}, func(es *engine.Session) engine.Receiver {
						s := &session{es, newInbox[engine.Reason]()}
						sessions <- s
						return s
					})
					defer func() { _ = srv.Close() }()
					web := start(srv)
					defer web.Close()
					defer web.Client().CloseIdleConnections()
					u, err := url.Parse(web.URL + "/engine.io/")
					if err != nil {
						t.Fatal(err)
					}
					u.Scheme = strings.Replace(u.Scheme, "http", "ws", 1)
					c, err := attempt(context.Background(), t, &dialer.Config{URL: u, HTTPClient: web.Client(), Transports: transports, PerMessageDeflate: deflate}, nil)
					if err != nil {
						t.Fatal(err)
					}
					s := get(t, "session", sessions)
					for range 10 {
						c.send(t, samples...)
						s.expect(t, samples...)
						s.send(t, samples...)
						c.expect(t, samples...)
					}
					if transports == nil {
						if got := get(t, "upgrade", c.upgraded); got != dialer.WebSocket {
							t.Errorf("upgrade: %s", got)
						}
					}
					c.send(t, text("last"))
					c.Close()
					s.expect(t, text("last"))
					if err := c.ends(t, dialer.ForcedClose); err != nil {
						t.Error(err)
					}
				})
			}
		}
	}
}

// Without an http.Client there is one.
func TestDefaultClient(t *testing.T) {
	sessions := make(chan *session, 1)
	srv := engine.NewServer(nil, func(es *engine.Session) engine.Receiver {
		s := &session{es, newInbox[engine.Reason]()}
		sessions <- s
		return s
	})
	defer func() { _ = srv.Close() }()
	web := httptest.NewServer(srv)
	defer web.Close()
	u, _ := url.Parse(web.URL + "/engine.io/")
	c, err := attempt(context.Background(), t, &dialer.Config{URL: u}, nil)
	if err != nil {
		t.Fatal(err)
	}
	s := get(t, "session", sessions)
	get(t, "upgrade", c.upgraded)
	c.send(t, text("x"))
	s.expect(t, text("x"))
	c.Close()
	c.ends(t, dialer.ForcedClose)
}
