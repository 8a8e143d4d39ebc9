package main

import (
	"net/http"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
)

// chiRouter mounts the server in a subrouter. chi's middlewares wrap the
// http.ResponseWriter, with an Unwrap method, and so leave WebSockets possible.
func chiRouter(io http.Handler) http.Handler {
	r := chi.NewRouter()
	r.Use(middleware.Logger, middleware.Recoverer)
	r.Route("/api", func(r chi.Router) {
		r.Use(greet)
		r.Mount("/socket.io", io)
	})
	return r
}
