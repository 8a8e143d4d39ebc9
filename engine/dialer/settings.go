package dialer

import (
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"

	"github.com/gosio/sio/internal/frame"
)

// settings is a Config in which every field says what is in force.
type settings struct {
	Config
	client *http.Client
	base   string      // the URL, without a query
	query  string      // of the URL
	limit  frame.Limit // of what waits; what is polite gets what the Config says
	dialect
}

func (c *Config) settings() *settings {
	s := &settings{Config: *c}
	if len(s.Transports) == 0 {
		s.Transports = []string{Polling, WebSocket}
	}
	if s.Version == 0 {
		s.Version = protocol4
	}
	s.dialect = dialect{eio3: s.Version == protocol3, base64: s.ForceBase64}
	if s.client = s.HTTPClient; s.client == nil {
		s.client = defaultClient()
	} else if s.client.Timeout != 0 {
		patient := *s.client
		patient.Timeout = 0
		s.client = &patient
	}
	u := *s.URL
	switch u.Scheme {
	case "ws":
		u.Scheme = "http"
	case "wss":
		u.Scheme = "https"
	}
	s.query = u.RawQuery
	u.RawQuery, u.ForceQuery, u.Fragment, u.RawFragment = "", false, "", ""
	s.base = u.String()
	s.limit = frame.Limit{Bytes: reserve(s.MaxQueue), Frames: reserve(s.MaxQueuedMessages)}
	return s
}

// reserve returns a limit of which frame.Limit.Polite leaves what is given. The
// rest is for what the protocol sends by itself.
func reserve(limit int) int { return limit + (limit+6)/7 }

// defaultClient keeps more connections to a server than http.DefaultClient does, as
// a process may have many sessions.
var defaultClient = sync.OnceValue(func() *http.Client {
	t, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		return http.DefaultClient
	}
	t = t.Clone()
	t.MaxIdleConnsPerHost = t.MaxIdleConns
	return &http.Client{Transport: t}
})

// request returns the URL of a request (Engine.IO protocol, "Parameters"). A sid of
// "" is none.
func (s *settings) request(transport, sid string) string {
	var b strings.Builder
	b.WriteString(s.base)
	b.WriteByte('?')
	if s.query != "" {
		b.WriteString(s.query)
		b.WriteByte('&')
	}
	b.WriteString("EIO=")
	b.WriteString(strconv.Itoa(s.Version))
	b.WriteString("&transport=")
	b.WriteString(transport)
	if sid != "" {
		b.WriteString("&sid=")
		b.WriteString(url.QueryEscape(sid))
	}
	if transport == Polling || s.TimestampRequests {
		b.WriteString("&t=")
		for range 8 {
			b.WriteByte("0123456789abcdefghijklmnopqrstuvwxyz"[rand.IntN(36)])
		}
	}
	if s.ForceBase64 && (sid == "" || transport == WebSocket) {
		b.WriteString("&b64=1")
	}
	return b.String()
}

// headers returns the headers of a request, and its host if that is not the URL's.
func (s *settings) headers(more ...string) (h http.Header, host string) {
	h = s.Header.Clone()
	if h == nil {
		h = make(http.Header)
	}
	host = h.Get("Host")
	h.Del("Host")
	for i := 0; i+1 < len(more); i += 2 {
		h.Set(more[i], more[i+1])
	}
	return h, host
}
