package msgpack_test

import (
	"context"
	"log"
	"net/http"
	"time"

	"github.com/gosio/sio"
	"github.com/gosio/sio/parsers/msgpack"
)

// A page then connects with io({ parser: msgpackParser }), and may send a Date.
func ExampleCodec() {
	io := sio.NewServer(&sio.Config{Codec: msgpack.Codec()})
	sio.Handle(io, "tomorrow", func(_ context.Context, _ *sio.Socket, at time.Time) (time.Time, error) {
		return at.AddDate(0, 0, 1), nil
	})
	http.Handle("/socket.io/", io)
	log.Fatal(http.ListenAndServe(":3000", nil))
}
