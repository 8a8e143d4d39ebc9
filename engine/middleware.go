package engine

import "net/http"

// chain puts the middlewares of the configuration around h, the first one outermost.
func (c *Config) chain(h http.Handler) http.Handler {
	for i := len(c.Middleware) - 1; i >= 0; i-- {
		h = c.Middleware[i](h)
	}
	return h
}
