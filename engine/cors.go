package engine

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// CORS says which pages of other origins may talk to the server, and what
// browsers are told about it. It holds for polling, for WebSocket handshakes
// (which browsers do not check by themselves) and for the client files.
type CORS struct {
	// Origins lists the origins allowed ("https://example.com"); "*" allows
	// all. Empty: all, as the official default.
	Origins []string
	// AllowOrigin decides about an origin in place of Origins, if not nil.
	AllowOrigin func(origin string, r *http.Request) bool
	// Methods is told to preflights. Default: GET,HEAD,PUT,PATCH,POST,DELETE.
	Methods []string
	// AllowedHeaders is told to preflights. Default: the headers that the
	// preflight asks for.
	AllowedHeaders []string
	// ExposedHeaders lists the response headers that pages may read.
	ExposedHeaders []string
	// Credentials allows cookies and HTTP authentication.
	Credentials bool
	// MaxAge is how long browsers may keep the answer to a preflight.
	// Default: not said.
	MaxAge time.Duration
	// OptionsStatus is the status of the answer to a preflight. Default 204.
	OptionsStatus int
}

const defaultCORSMethods = "GET,HEAD,PUT,PATCH,POST,DELETE"

func (c *CORS) anyOrigin() bool {
	return c.AllowOrigin == nil && (len(c.Origins) == 0 || slices.Contains(c.Origins, "*"))
}

func (c *CORS) allows(origin string, r *http.Request) bool {
	if c.AllowOrigin != nil {
		return c.AllowOrigin(origin, r)
	}
	return c.anyOrigin() || slices.Contains(c.Origins, origin)
}

// Handle sets the CORS headers of a response, and reports true if the request
// was a preflight, which it has answered then.
func (c *CORS) Handle(w http.ResponseWriter, r *http.Request) (answered bool) {
	h := w.Header()
	origin := r.Header.Get("Origin")
	// With credentials browsers refuse the asterisk, so the origin is echoed.
	if c.anyOrigin() && !c.Credentials {
		h.Set("Access-Control-Allow-Origin", "*")
	} else {
		h.Add("Vary", "Origin")
		if origin != "" && c.allows(origin, r) {
			h.Set("Access-Control-Allow-Origin", origin)
		}
	}
	if c.Credentials {
		h.Set("Access-Control-Allow-Credentials", "true")
	}
	if len(c.ExposedHeaders) > 0 {
		h.Set("Access-Control-Expose-Headers", strings.Join(c.ExposedHeaders, ","))
	}
	if r.Method != http.MethodOptions {
		return false
	}
	methods := defaultCORSMethods
	if len(c.Methods) > 0 {
		methods = strings.Join(c.Methods, ",")
	}
	h.Set("Access-Control-Allow-Methods", methods)
	if len(c.AllowedHeaders) > 0 {
		h.Set("Access-Control-Allow-Headers", strings.Join(c.AllowedHeaders, ","))
	} else {
		h.Add("Vary", "Access-Control-Request-Headers")
		if asked := r.Header.Get("Access-Control-Request-Headers"); asked != "" {
			h.Set("Access-Control-Allow-Headers", asked)
		}
	}
	if c.MaxAge > 0 {
		h.Set("Access-Control-Max-Age", strconv.Itoa(int(c.MaxAge/time.Second)))
	}
	h.Set("Content-Length", "0")
	w.WriteHeader(orDefault(c.OptionsStatus, http.StatusNoContent))
	return true
}

// originAllowed reports whether a page may open a session. Requests without
// an Origin header do not come from a page of another origin.
func (s *Server) originAllowed(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	return origin == "" || s.allowsOrigin(origin, r)
}

func (s *Server) allowsOrigin(origin string, r *http.Request) bool {
	if s.cfg.CORS != nil {
		return s.cfg.CORS.allows(origin, r) || sameHost(origin, r)
	}
	return sameHost(origin, r)
}

func sameHost(origin string, r *http.Request) bool {
	u, err := url.Parse(origin)
	return err == nil && u.Host != "" && strings.EqualFold(u.Host, r.Host)
}
