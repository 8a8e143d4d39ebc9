package sio_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"regexp"
	"strings"
	"time"

	"github.com/gosio/sio"
	"github.com/gosio/sio/event"
)

// The answers to a broadcast come one by one, with the ids of who gave them.
func ExampleServer_EmitWithAck() {
	server := sio.NewServer(nil)
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	for answer, err := range server.EmitWithAck(ctx, "ready?") {
		if err != nil { // a *sio.PartialAckError tells how many are missing
			log.Print(err)
			break
		}
		var ready bool
		if answer.Decode(&ready) == nil && ready {
			fmt.Println(answer.ID, "is ready")
		}
	}
}

// All answers at once, decoded.
func ExampleCallAll() {
	const version event.Call[event.None, string] = "version"
	server := sio.NewServer(nil)
	replies, err := sio.CallAll(context.Background(), server.To("beta"), version, event.None{})
	if err != nil {
		log.Print(err) // some have not answered; these have:
	}
	for _, r := range replies {
		fmt.Println(r.ID, r.Value, r.Err)
	}
}

// An interceptor stands around the listeners of every event.
func ExampleServer_Intercept() {
	server := sio.NewServer(nil)
	server.Intercept(func(_ context.Context, s *sio.Socket, m *sio.Message, next func() error) error {
		if strings.HasPrefix(m.Event(), "admin:") && s.Data() != "admin" {
			return &sio.Error{Message: "not allowed"}
		}
		begun := time.Now()
		err := next()
		log.Print(m.Event(), " took ", time.Since(begun))
		return err
	})
}

func ExampleSocket_OnAny() {
	server := sio.NewServer(nil)
	server.OnConnect(func(s *sio.Socket) {
		off := s.OnAny(func(_ context.Context, _ *sio.Socket, m *sio.Message) { log.Print("heard ", m.Event()) })
		sio.Once(s, "enough", func(context.Context, *sio.Socket, event.None) error {
			off()
			return nil
		})
	})
}

// Namespaces that are made when a client asks for one of them.
func ExampleServer_OfRegexp() {
	server := sio.NewServer(nil)
	rooms := server.OfRegexp(regexp.MustCompile(`^/room-\d+$`))
	rooms.OnConnect(func(s *sio.Socket) {
		_ = s.Emit("message", "this is "+s.Namespace().Name())
	})
	_ = rooms.Emit("message", "to all of them")
}

// The function may wait, and sees what the client gave as auth.
func ExampleServer_OfFunc() {
	isMember := func(ctx context.Context, team, token string) bool { return token != "" }

	server := sio.NewServer(nil)
	server.OfFunc(func(ctx context.Context, name string, h sio.Handshake) bool {
		team, ok := strings.CutPrefix(name, "/team/")
		token, _ := h.Auth()["token"].(string)
		return ok && isMember(ctx, team, token)
	})
}

// A producer that must not lose anything waits for a client that is slow.
func ExampleSocket_Within() {
	server := sio.NewServer(&sio.Config{QueuePolicy: sio.QueueDropNewest})
	sio.On(server, "download", func(ctx context.Context, s *sio.Socket, file string) error {
		var source io.Reader = strings.NewReader(file)
		chunk := make([]byte, 32<<10)
		for {
			n, err := source.Read(chunk)
			if errors.Is(err, io.EOF) {
				return s.Emit("done")
			}
			if err != nil {
				return err
			}
			if err := s.Within(ctx).Emit("chunk", chunk[:n]); err != nil {
				return err
			}
		}
	})
}

func ExampleBroadcast_Disconnect() {
	server := sio.NewServer(nil)
	server.To("banned").Disconnect()
	server.To("lobby").Join("game")
	server.To("game").Leave("lobby")
}

func ExampleNamespace_OnCreateRoom() {
	server := sio.NewServer(nil)
	server.Of("/").OnCreateRoom(func(room string) { log.Print("room ", room, " is open") })
	server.Of("/").OnDeleteRoom(func(room string) { log.Print("room ", room, " is closed") })
}

func ExampleServer_ServerSideEmit() {
	server := sio.NewServer(nil) // with the adapter of a cluster
	server.OnServerSide("load?", func(context.Context, []any) (any, error) { return server.Connections(), nil })
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	loads, err := server.ServerSideEmitWithAck(ctx, "load?")
	fmt.Println(loads, err)
}
