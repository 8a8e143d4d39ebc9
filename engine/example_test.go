package engine_test

import (
	"log"
	"net/http"

	"github.com/gosio/sio/engine"
)

// echo sends back what it receives.
type echo struct{ session *engine.Session }

func (e echo) Message(data []byte, binary bool) (wait <-chan struct{}) {
	if err := e.session.Send(data, binary); err != nil {
		log.Print(err) // the session is closed, or its client does not keep up
	}
	return nil
}

func (e echo) CaughtUp() (wait <-chan struct{}) { return nil }

func (e echo) Closed(reason engine.Reason, _ error) { log.Printf("gone: %s", reason) }

// An Engine.IO server of its own, without Socket.IO: messages, no events.
func ExampleServer() {
	server := engine.NewServer(nil, func(s *engine.Session) engine.Receiver { return echo{s} })
	http.Handle("/engine.io/", server)
	log.Fatal(http.ListenAndServe(":3000", nil))
}
