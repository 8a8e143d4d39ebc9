// Command sio is our client, as the bench compares it.
package main

import (
	"context"
	"errors"
	"log"
	"time"

	"github.com/gosio/sio/bench/clients/internal/work"
	"github.com/gosio/sio/client"
	"github.com/gosio/sio/event"
)

func main() { work.Main(connect) }

func connect(o work.Options) (work.Client, error) {
	cfg := &client.Config{Transports: []string{client.WebSocket}, NoReconnection: true, Setup: func(s *client.Socket) {
		for _, name := range []event.Name[string]{"echo", "cast"} {
			client.On(s, name, func(_ context.Context, text string) error {
				o.Event(text)
				return nil
			})
		}
	}}
	if o.Polling {
		cfg.Transports = []string{client.Polling}
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	s, err := client.Dial(ctx, o.URL, cfg)
	if err != nil {
		return nil, err
	}
	if s.ID() == "" {
		return nil, errors.New("connected without an id")
	}
	return socket{s}, nil
}

type socket struct{ s *client.Socket }

func (c socket) Echo(text string) { check(c.s.Emit("echo", text)) }
func (c socket) Cast(text string) { check(c.s.Emit("cast", "", text)) }
func (c socket) Close()           { c.s.Close() }

func (c socket) Call(ask func() (string, bool), answer func(string)) {
	go func() {
		for {
			text, ok := ask()
			if !ok {
				return
			}
			got, err := client.Call[string](context.Background(), c.s, "call", text)
			check(err)
			answer(got)
		}
	}()
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
