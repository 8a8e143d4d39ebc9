// Command zishang is the Go client github.com/zishang520/socket.io/clients/socket, as
// the bench compares it.
package main

import (
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/zishang520/socket.io/clients/engine/v3/transports"
	"github.com/zishang520/socket.io/clients/socket/v3"
	"github.com/zishang520/socket.io/v3/pkg/types"

	"github.com/gosio/sio/bench/clients/internal/work"
)

func main() { work.Main(connect) }

// calm is how long a connection must last before it counts: now and then the library sends
// its CONNECT twice, for which servers close the connection.
const calm = 20 * time.Millisecond

func connect(o work.Options) (c work.Client, err error) {
	for range 5 {
		if c, err = try(o); err == nil {
			return c, nil
		}
	}
	return nil, err
}

func try(o work.Options) (work.Client, error) {
	opts := socket.DefaultOptions()
	opts.SetTransports(types.NewSet(transports.WebSocket))
	if o.Polling {
		opts.SetTransports(types.NewSet(transports.Polling))
	}
	opts.SetForceNew(true)
	opts.SetReconnection(false)
	opts.SetAutoConnect(false)
	s, err := socket.Connect(o.URL, opts)
	if err != nil {
		return nil, err
	}
	result, lost := make(chan error, 1), make(chan string, 1)
	check(s.On("connect", func(...any) { result <- nil }))
	check(s.On("connect_error", func(why ...any) { result <- fmt.Errorf("%v", why) }))
	check(s.On("disconnect", func(why ...any) {
		if len(why) == 0 || why[0] != "io client disconnect" {
			lost <- fmt.Sprint(why)
		}
	}))
	for _, name := range []types.EventName{"echo", "cast"} {
		check(s.On(name, func(args ...any) { o.Event(sole(args)) }))
	}
	s.Connect()
	select {
	case err = <-result:
	case <-time.After(10 * time.Second):
		err = errors.New("neither connected nor refused")
	}
	if err != nil {
		return nil, err
	}
	select {
	case why := <-lost:
		return nil, errors.New("lost at once: " + why)
	case <-time.After(calm):
	}
	if s.Id() == "" {
		return nil, errors.New("connected without an id")
	}
	c := &client{s: s, closed: make(chan struct{})}
	go c.watch(lost)
	return c, nil
}

// watch ends the program when the connection is lost.
func (c *client) watch(lost <-chan string) {
	select {
	case why := <-lost:
		log.Fatal("connection lost: ", why)
	case <-c.closed:
	}
}

// sole returns the text that there must be, and nothing else.
func sole(args []any) string {
	if len(args) == 1 {
		if text, ok := args[0].(string); ok {
			return text
		}
	}
	return fmt.Sprint(args)
}

type client struct {
	s      *socket.Socket
	closed chan struct{}
}

func (c *client) Echo(text string) { check(c.s.Emit("echo", text)) }
func (c *client) Cast(text string) { check(c.s.Emit("cast", "", text)) }
func (c *client) Close() {
	close(c.closed)
	c.s.Disconnect()
}

func (c *client) Call(ask func() (string, bool), answer func(string)) {
	var next func()
	next = func() {
		text, ok := ask()
		if !ok {
			return
		}
		c.s.EmitWithAck("call", text)(func(args []any, err error) {
			check(err)
			answer(sole(args))
			next()
		})
	}
	next()
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
