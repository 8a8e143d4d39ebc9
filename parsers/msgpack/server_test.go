package msgpack_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gosio/sio"
	"github.com/gosio/sio/event"
	"github.com/gosio/sio/parsers/msgpack"
	"github.com/gosio/sio/wire"
)

// peer is a client that polls.
type peer struct {
	t     *testing.T
	url   string
	queue []string
}

// serve returns a client of a server with the codec, which has joined nothing.
func serve(t *testing.T, prepare func(*sio.Server)) *peer {
	io := sio.NewServer(&sio.Config{Codec: msgpack.Codec(), OnError: func(error) {}})
	prepare(io)
	s := httptest.NewServer(io)
	t.Cleanup(func() {
		_ = io.Close()
		s.Close()
	})
	p := &peer{t: t, url: s.URL + "/socket.io/?EIO=4&transport=polling"}
	var handshake struct{ SID string }
	if err := json.Unmarshal([]byte(p.request(http.MethodGet, "")[1:]), &handshake); err != nil {
		t.Fatal(err)
	}
	p.url += "&sid=" + handshake.SID
	return p
}

func (p *peer) request(method, body string) string {
	p.t.Helper()
	req, err := http.NewRequestWithContext(p.t.Context(), method, p.url, strings.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer res.Body.Close()
	out, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		p.t.Fatalf("%s %s: %d %s, %v", method, p.url, res.StatusCode, out, err)
	}
	return string(out)
}

func (p *peer) send(h wire.Header, args ...any) {
	p.t.Helper()
	message, _, err := codec.Append(nil, h, args...)
	if err != nil {
		p.t.Fatal(err)
	}
	p.request(http.MethodPost, "b"+base64.StdEncoding.EncodeToString(message))
}

// next returns the next packet.
func (p *peer) next() (wire.Packet, []any) {
	p.t.Helper()
	for len(p.queue) == 0 {
		p.queue = strings.Split(p.request(http.MethodGet, ""), "\x1e")
	}
	encoded, binary := strings.CutPrefix(p.queue[0], "b")
	p.queue = p.queue[1:]
	message, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil || !binary {
		p.t.Fatalf("%q is no binary message", encoded)
	}
	packet := decode(p.t, message)
	values, err := codec.Values(&packet)
	if err != nil {
		p.t.Fatal(err)
	}
	return packet, values
}

func (p *peer) join(namespace string, auth ...any) (wire.Packet, []any) {
	p.t.Helper()
	p.send(wire.Header{Type: wire.Connect, Namespace: namespace, ID: wire.NoID}, auth...)
	return p.next()
}

func TestJoin(t *testing.T) {
	type auth struct {
		Token string `json:"token"`
	}
	p := serve(t, func(io *sio.Server) {
		io.Of("/admin").Use(func(_ context.Context, s *sio.Socket) error {
			var a auth
			if err := s.Handshake().DecodeAuth(&a); err != nil || a.Token != "right" {
				return &sio.Error{Message: "no", Data: map[string]int{"code": 7}}
			}
			return nil
		})
		io.Of("/admin").OnConnect(func(s *sio.Socket) { _ = s.Emit("auth", s.Handshake().Auth()) })
	})
	if q, _ := p.join("/nowhere"); q.Type != wire.ConnectError || string(q.Namespace) != "/nowhere" {
		t.Errorf("%+v", q)
	}
	q, values := p.join("/admin", auth{"wrong"})
	refusal, _ := values[0].(map[string]any)
	if data, _ := refusal["data"].(map[string]any); q.Type != wire.ConnectError || refusal["message"] != "no" || data["code"] != 7.0 {
		t.Errorf("%+v %v", q, values)
	}
	q, values = p.join("/admin", auth{"right"})
	if grant, _ := values[0].(map[string]any); q.Type != wire.Connect || len(grant) != 1 || grant["sid"] == "" {
		t.Errorf("%+v %v", q, values)
	}
	if q, values = p.next(); string(q.Name) != "auth" || values[0].(map[string]any)["token"] != "right" {
		t.Errorf("%+v %v", q, values)
	}
}

// A refused call is an error on this side, and an answer that is none is decoded.
func TestCall(t *testing.T) {
	results := make(chan error, 1)
	p := serve(t, func(io *sio.Server) {
		sio.On(io, "go", func(ctx context.Context, s *sio.Socket, _ event.None) error {
			n, err := sio.Call[int](ctx, s, "question", 5)
			if n != 6 && err == nil {
				err = errors.New("wrong answer")
			}
			results <- err
			return nil
		})
	})
	p.join("/")
	answer := func(value any) error {
		p.send(wire.Header{Type: wire.Event, ID: wire.NoID, Name: "go"})
		q, _ := p.next()
		p.send(wire.Header{Type: wire.Ack, ID: q.ID}, value)
		return <-results
	}
	if err := answer(6); err != nil {
		t.Error(err)
	}
	var refused *sio.Error
	if err := answer(map[string]any{"error": map[string]any{"message": "not now"}}); !errors.As(err, &refused) || refused.Message != "not now" {
		t.Error(err)
	}
	if err := answer("text"); err == nil || errors.As(err, &refused) {
		t.Error(err)
	}
}

// Large messages are in memory that is used again: a []byte is not part of it.
func TestLargeMessages(t *testing.T) {
	type seen struct {
		kept []byte
		sum  int
	}
	events := make(chan seen, 20)
	p := serve(t, func(io *sio.Server) {
		type both struct {
			event.Tuple
			Kept []byte
			View event.View
		}
		sio.On(io, "data", func(_ context.Context, _ *sio.Socket, b both) error {
			s := seen{kept: b.Kept}
			for _, c := range b.View {
				s.sum += int(c)
			}
			events <- s
			return nil
		})
	})
	p.join("/")
	const size = 50_000
	var all []seen
	for i := range 20 {
		data := bytes.Repeat([]byte{byte(i)}, size)
		p.send(wire.Header{Type: wire.Event, ID: wire.NoID, Name: "data"}, data, data)
		all = append(all, <-events)
	}
	for i, s := range all {
		if s.sum != i*size || !bytes.Equal(s.kept, bytes.Repeat([]byte{byte(i)}, size)) {
			t.Errorf("event %d: sum %d, kept %d bytes of %d", i, s.sum, len(s.kept), s.kept[0])
		}
	}
}

func TestBroadcast(t *testing.T) {
	p := serve(t, func(io *sio.Server) {
		io.OnConnect(func(s *sio.Socket) { s.Join("room") })
		sio.Handle(io, "all", func(_ context.Context, _ *sio.Socket, text string) (string, error) {
			return text, io.To("room").Emit("said", text, []byte{1})
		})
	})
	p.join("/")
	p.send(wire.Header{Type: wire.Event, ID: 3, Name: "all"}, "hi")
	if q, values := p.next(); string(q.Name) != "said" || len(values) != 2 || values[0] != "hi" || !bytes.Equal(values[1].([]byte), []byte{1}) {
		t.Errorf("%+v %v", q, values)
	}
	if q, values := p.next(); q.Type != wire.Ack || q.ID != 3 || values[0] != "hi" {
		t.Errorf("%+v %v", q, values)
	}
}
