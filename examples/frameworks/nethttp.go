package main

import "net/http"

// netHTTP uses nothing but the standard library. Which prefix the path has does
// not matter to the server, so StripPrefix is optional.
func netHTTP(io http.Handler) http.Handler {
	api := http.NewServeMux()
	api.Handle("/socket.io/", io)

	mux := http.NewServeMux()
	mux.Handle("/api/", http.StripPrefix("/api", greet(api)))
	return mux
}

// greet is a middleware. What it sets is in the answers to WebSocket handshakes,
// too.
func greet(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Greeting", "hello")
		next.ServeHTTP(w, r)
	})
}
