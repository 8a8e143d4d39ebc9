package engine

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"

	"github.com/gosio/sio/internal/option"
)

// ConfigError says which option of a Config cannot be meant as it is.
type ConfigError = option.Error

// Validate returns a *ConfigError for the first option that cannot be meant as it
// is, or nil: sizes and times that are negative, times of less than a millisecond,
// transports and origins that do not exist. NewServer panics with it.
func (c *Config) Validate() error {
	if c == nil {
		return nil
	}
	return cmp.Or(
		option.Size("PingInterval", c.PingInterval), option.Time("PingInterval", c.PingInterval),
		option.Size("PingTimeout", c.PingTimeout), option.Time("PingTimeout", c.PingTimeout),
		option.Size("UpgradeTimeout", c.UpgradeTimeout), option.Time("UpgradeTimeout", c.UpgradeTimeout),
		option.Size("MaxPayload", c.MaxPayload),
		option.Size("MaxQueue", c.MaxQueue),
		validTransports(c.Transports),
		validMiddleware(c.Middleware),
		c.CORS.validate(),
		validCookie(c.Cookie),
	)
}

func validTransports(names []string) error {
	for i, name := range names {
		if name != Polling && name != WebSocket && name != "webtransport" { // a configuration shared with a server that has it
			return option.Errorf("Transports", "there is no transport %q", name)
		}
		if slices.Contains(names[:i], name) {
			return option.Errorf("Transports", "%q is there twice", name)
		}
	}
	return nil
}

func validMiddleware(list []func(http.Handler) http.Handler) error {
	for i, m := range list {
		if m == nil {
			return option.Errorf("Middleware", "number %d is nil", i)
		}
	}
	return nil
}

func (c *CORS) validate() error {
	if c == nil {
		return nil
	}
	for _, origin := range c.Origins {
		if origin == "*" || origin == "null" {
			continue
		}
		u, err := url.Parse(origin)
		if err != nil || u.Scheme == "" || u.Host == "" || origin != u.Scheme+"://"+u.Host { // no browser would send it
			return option.Errorf("CORS.Origins", "%q is no origin; https://example.com is one", origin)
		}
	}
	if s := c.OptionsStatus; s != 0 && (s < 200 || s > 299) {
		return option.Errorf("CORS.OptionsStatus", "%d does not mean success", s)
	}
	return option.Size("CORS.MaxAge", c.MaxAge)
}

func validCookie(pattern *http.Cookie) error {
	if pattern == nil {
		return nil
	}
	cookie := *pattern
	cookie.Name = orDefault(cookie.Name, NewCookie().Name)
	cookie.Value = ""                      // it will be the id
	if err := cookie.Valid(); err != nil { // it would not be sent
		return option.Errorf("Cookie", "%v", err)
	}
	return nil
}
