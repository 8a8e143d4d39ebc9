package sio_test

import (
	"context"
	"testing"

	"github.com/gosio/sio"
)

// What a client has sent before the end of its connection is handled before that, even if both
// arrive together.
func TestLastWords(t *testing.T) {
	for what, end := range map[string]string{"close": "1", "engine packet": "9", "packet": "4abc", "CONNECT": "40"} {
		t.Run(what, func(t *testing.T) {
			overTransports(t, func(t *testing.T, transport string) {
				f := serve(t, &sio.Config{OnError: func(error) {}})
				heard := make(chan string, 10)
				f.On("x", func(_ context.Context, _ *sio.Socket, m *sio.Message) error {
					heard <- m.Event()
					return nil
				})
				f.OnDisconnect(func(*sio.Socket, sio.Reason) { heard <- "gone" })
				p := f.join(transport)
				p.send(`42["x"]`, `42["x"]`, end)
				for _, want := range []string{"x", "x", "gone"} {
					if got := get(t, heard); got != want {
						t.Fatalf("%q instead of %q", got, want)
					}
				}
			})
		})
	}
}
