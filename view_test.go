package sio_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/gobwas/ws"

	"github.com/gosio/sio"
	"github.com/gosio/sio/engine"
	"github.com/gosio/sio/event"
)

// placed is the first attachment of a packet.
const placed = `{"_placeholder":true,"num":0}`

// attached is an attachment as a peer sends and gets it.
func attached(data []byte) string { return "b" + base64.StdEncoding.EncodeToString(data) }

// content returns n bytes that are different for every i.
func content(n, i int) []byte {
	return bytes.Repeat(fmt.Append(nil, i, "-abcdefghijklmnopqrstuvwxyz,"), n/27+1)[:n]
}

// sizes of data: below and from where the memory of a message is the application's.
var sizes = []int{0, 3, 1000, engine.LargeMessage - 1, engine.LargeMessage, engine.LargeMessage + 1, 64 << 10, 100_000}

// ways of connecting.
var ways = append([]string{"upgraded"}, transports...)

// joinBy joins a client, which is on a WebSocket after an upgrade if it is "upgraded".
func (f *fixture) joinBy(way string) *peer {
	f.t.Helper()
	if way != "upgraded" {
		return f.join(way)
	}
	p := f.join("polling")
	p.upgrade()
	return p
}

// A View is what a []byte is, in whatever it comes and goes.
func TestView(t *testing.T) {
	type file struct {
		event.Tuple
		Name string
		Data event.View
		N    int
	}
	type object struct {
		Data event.View            `json:"data"`
		Tags map[string]event.View `json:"tags"`
	}
	f := serve(t, nil)
	f.OnConnect(func(s *sio.Socket) { s.Join("room") })
	echoes[event.View](f, "view")
	echoes[[]byte](f, "bytes")
	echoes[*event.View](f, "pointer")
	echoes[file](f, "tuple")
	echoes[object](f, "object")
	echoes[[]event.View](f, "list")
	echoes[map[string]any](f, "map")
	sio.On(f, "nested", func(_ context.Context, s *sio.Socket, v event.View) error {
		return s.Emit("nested-back", []any{v, map[string]event.View{"a": v}}, object{Data: v}, &v, []byte(v))
	})
	sio.On(f, "room", func(_ context.Context, s *sio.Socket, v event.View) error {
		return sio.Emit(s.Namespace().To("room"), "room-back", v)
	})
	sio.On(f, "others", func(_ context.Context, s *sio.Socket, v event.View) error {
		return s.Broadcast().Emit("others-back", v)
	})
	sio.Handle(f, "ack", func(_ context.Context, _ *sio.Socket, v event.View) (event.View, error) { return v, nil })
	sio.Handle(f, "ack tuple", func(_ context.Context, _ *sio.Socket, v file) (file, error) { return v, nil })
	other := f.join("websocket")
	for _, way := range ways {
		t.Run(way, func(t *testing.T) {
			p := f.joinBy(way)
			for i, n := range sizes {
				data := content(n, i)
				a := attached(data)
				p.send(`451-["view",`+placed+`]`, a)
				p.expect(`451-["view-back",`+placed+`]`, a)
				p.send(`451-["bytes",`+placed+`]`, a)
				p.expect(`451-["bytes-back",`+placed+`]`, a)
				p.send(`451-["pointer",`+placed+`]`, a)
				p.expect(`451-["pointer-back",`+placed+`]`, a)
				p.send(`451-["tuple","n",`+placed+`,7]`, a)
				p.expect(`451-["tuple-back","n",`+placed+`,7]`, a)
				p.send(`452-["object",{"data":`+placed+`,"tags":{"t":{"_placeholder":true,"num":1}}}]`, a, "bAQID")
				p.expect(`452-["object-back",{"data":`+placed+`,"tags":{"t":{"_placeholder":true,"num":1}}}]`, a, "bAQID")
				p.send(`452-["list",[{"_placeholder":true,"num":1},`+placed+`]]`, "bAQID", a)
				p.expect(`452-["list-back",[`+placed+`,{"_placeholder":true,"num":1}]]`, a, "bAQID")
				p.send(`451-["map",{"a":`+placed+`}]`, a)
				p.expect(`451-["map-back",{"a":`+placed+`}]`, a)
				p.send(`451-["nested",`+placed+`]`, a)
				p.expect(`455-["nested-back",[`+placed+`,{"a":{"_placeholder":true,"num":1}}],{"data":{"_placeholder":true,"num":2},"tags":{}},{"_placeholder":true,"num":3},{"_placeholder":true,"num":4}]`, a, a, a, a, a)
				p.send(`451-["room",`+placed+`]`, a)
				p.expect(`451-["room-back",`+placed+`]`, a)
				other.expect(`451-["room-back",`+placed+`]`, a)
				p.send(`451-["others",`+placed+`]`, a)
				other.expect(`451-["others-back",`+placed+`]`, a)
				p.send(`451-7["ack",`+placed+`]`, a)
				p.expect(`461-7[`+placed+`]`, a)
				p.send(`451-8["ack tuple","n",`+placed+`,7]`, a)
				p.expect(`461-8["n",`+placed+`,7]`, a)
			}
			for arg, want := range map[string]string{`null`: `null`, `"AQID"`: placed} {
				p.send(`42["view",` + arg + `]`)
				if want == placed {
					p.expect(`451-["view-back",`+placed+`]`, "bAQID")
				} else {
					p.expect(`42["view-back",` + want + `]`)
				}
			}
			p.fenced()
			p.close()
		})
	}
	other.fenced()
}

// What a handler may keep stays as it is for ever, while other listeners of
// the same event have Views, and the memory of other events is used again.
func TestKeptDataBesideViews(t *testing.T) {
	type pair struct {
		event.Tuple
		View event.View
		Data []byte
	}
	type object struct {
		Data []byte `json:"data"`
	}
	for _, way := range ways {
		t.Run(way, func(t *testing.T) {
			f := serve(t, nil)
			kept := make(chan func() []byte, 1)
			keep := func(data []byte) error {
				kept <- func() []byte { return data }
				return nil
			}
			look := func(_ context.Context, _ *sio.Socket, v event.View) error {
				if len(v) > 0 && v[0] == 0xdb {
					t.Error("a View of memory that was given back")
				}
				return nil
			}
			bytesFor := func(_ context.Context, _ *sio.Socket, data []byte) error { return keep(data) }
			sio.On(f, "first", bytesFor)
			sio.On(f, "first", look)
			sio.On(f, "last", look)
			sio.On(f, "last", look)
			sio.On(f, "last", bytesFor)
			sio.On(f, "of the socket", look)
			f.OnConnect(func(s *sio.Socket) { sio.On(s, "of the socket", bytesFor) })
			sio.On(f, "tuple", func(_ context.Context, _ *sio.Socket, p pair) error { return keep(p.Data) })
			sio.On(f, "tuple", func(_ context.Context, _ *sio.Socket, v event.View) error { return nil })
			sio.On(f, "object", func(_ context.Context, _ *sio.Socket, o object) error { return keep(o.Data) })
			sio.On(f, "any", func(_ context.Context, _ *sio.Socket, v any) error { return keep(v.([]byte)) })
			sio.On(f, "any", look)
			sio.On(f, "list", func(_ context.Context, _ *sio.Socket, v []any) error { return keep(v[0].([]byte)) })
			f.On("message", func(_ context.Context, _ *sio.Socket, m *sio.Message) error {
				kept <- func() []byte {
					var v event.View
					if err := m.Decode(&v); err != nil {
						t.Error(err)
					}
					return v
				}
				return nil
			})
			sio.On(f, "message", look)
			sio.On(f, "text", func(_ context.Context, _ *sio.Socket, m map[string]string) error {
				kept <- func() []byte { return []byte(m["data"]) }
				return nil
			})
			sio.On(f, "view", look)
			p := f.joinBy(way)
			type entry struct {
				what string
				data func() []byte
				want []byte
			}
			var all []entry
			second := `{"_placeholder":true,"num":1}`
			for i := range 8 {
				for j, event := range [][2]string{
					{"first", placed}, {"last", placed}, {"of the socket", placed}, {"tuple", second + "," + placed},
					{"object", `{"data":` + placed + `}`}, {"any", placed}, {"list", `[` + placed + `]`}, {"message", placed}, {"text", ""},
				} {
					data := content(engine.LargeMessage-2+i*4001, i*100+j)
					switch event[0] {
					case "tuple":
						p.send(`452-["tuple",`+event[1]+`]`, attached(data), attached(content(20_000, -i)))
					case "text":
						p.send(`42["text",{"data":"` + string(data) + `"}]`)
					default:
						p.send(`451-["`+event[0]+`",`+event[1]+`]`, attached(data))
					}
					all = append(all, entry{event[0], get(t, kept), data})
					p.send(`451-["view",`+placed+`]`, attached(content(len(data), -j)))
				}
			}
			p.fenced()
			for i, e := range all {
				if !bytes.Equal(e.data(), e.want) {
					t.Errorf("event %d, %q: what was kept has changed", i, e.what)
				}
			}
		})
	}
}

// All listeners of an event have the same View, until the last has returned.
func TestViewOfManyListeners(t *testing.T) {
	f := serve(t, nil)
	for i := range 3 {
		sio.On(f, "ev", func(_ context.Context, s *sio.Socket, v event.View) error {
			if err := s.Emit("back", i, v); err != nil {
				return err
			}
			if i == 1 {
				return &sio.Error{Message: "no"}
			}
			return nil
		})
	}
	sio.On(f, "ev", func(_ context.Context, _ *sio.Socket, v event.View) error { panic(len(v)) })
	f.OnConnect(func(s *sio.Socket) {
		sio.On(s, "ev", func(_ context.Context, s *sio.Socket, v event.View) error { return s.Emit("back", "socket", v) })
	})
	p := f.join("websocket")
	for i, n := range sizes {
		a := attached(content(n, i))
		p.send(`451-5["ev",`+placed+`]`, a)
		for _, who := range []string{"0", "1", "2", `"socket"`} {
			p.expect(`451-["back",`+who+`,`+placed+`]`, a)
		}
		p.expect(`435[{"error":{"message":"no"}}]`)
		expectPanic(t, f.reported(), "ev", n)
	}
	p.fenced()
}

// narrow makes a client stop reading, at a connection that takes little.
func narrow(p *peer) {
	_ = p.carrier.(*webSocket).conn.(*net.TCPConn).SetReadBuffer(16 << 10)
	stall(p)
}

// A handler emits its View to a client that does not read: what waits is not
// in the memory that the next event is read to.
func TestViewToASlowClient(t *testing.T) {
	f := serve(t, &sio.Config{MaxQueue: 64 << 20})
	handled := make(chan struct{}, 1)
	sio.On(f, "echo", func(_ context.Context, s *sio.Socket, v event.View) error {
		defer func() { handled <- struct{}{} }()
		return errors.Join(s.Emit("back", v), s.To(s.ID()).Emit("nobody", v), s.Namespace().To(s.ID()).Emit("copy", v))
	})
	sockets := f.sockets()
	p := f.join("websocket")
	s := get(t, sockets)
	narrow(p)
	const n, size = 30, 200_000
	for i := range n {
		p.send(`451-["echo",`+placed+`]`, attached(content(size, i)))
		get(t, handled)
	}
	if s.Queued() == 0 {
		t.Error("the kernel has taken everything")
	}
	resume(p)
	for i := range n {
		a := attached(content(size, i))
		p.expect(`451-["back",`+placed+`]`, a, `451-["copy",`+placed+`]`, a)
	}
	p.fenced()
}

// The memory of what was emitted is the application's again when Emit
// returns, also if the client does not take it yet.
func TestEmitBorrowsNoLongerThanItTakes(t *testing.T) {
	emitters := map[string]func(s *sio.Socket, name string, args ...any) error{
		"Emit":         func(s *sio.Socket, name string, args ...any) error { return s.Emit(name, args...) },
		"uncompressed": func(s *sio.Socket, name string, args ...any) error { return s.Compress(false).Emit(name, args...) },
		"broadcast": func(s *sio.Socket, name string, args ...any) error {
			return s.Namespace().To(s.ID()).Emit(name, args...)
		},
		"with ack": func(s *sio.Socket, name string, args ...any) error {
			ctx, cancel := context.WithCancel(context.Background())
			cancel()
			if _, err := s.EmitWithAck(ctx, name, args...); !errors.Is(err, context.Canceled) {
				return fmt.Errorf("canceled, but %w", err)
			}
			return nil
		},
	}
	for _, way := range ways {
		for what, emit := range emitters {
			t.Run(way+" "+what, func(t *testing.T) {
				f := serve(t, &sio.Config{MaxQueue: 64 << 20})
				sockets := f.sockets()
				p := f.joinBy(way)
				s := get(t, sockets)
				if way != "polling" {
					narrow(p)
				}
				n, most := 4, 300_000
				if what == "Emit" && way != "polling" {
					n = 20 // more than the kernel takes
				}
				size := func(i int) int { return []int{most, 64 << 10, most, engine.LargeMessage}[i%4] }
				memory := make([]byte, most)
				for i := range n {
					data := memory[:copy(memory, content(size(i), i))]
					if err := emit(s, "big", data, map[string]any{"again": event.View(data)}); err != nil {
						t.Fatal(err)
					}
					clear(memory)
				}
				if way != "polling" {
					if n > 4 && s.Queued() == 0 {
						t.Error("the kernel has taken everything")
					}
					resume(p)
				}
				for i := range n {
					packet := p.receive()
					if _, args, _ := strings.Cut(packet, "["); args != `"big",`+placed+`,{"again":{"_placeholder":true,"num":1}}]` {
						t.Fatalf("got %s", packet)
					}
					a := attached(content(size(i), i))
					p.expect(a, a)
				}
				p.fenced()
			})
		}
	}
}

// What an acknowledgement brings is the caller's, as there is no handler that
// could return.
func TestCallReturnsAView(t *testing.T) {
	overTransports(t, func(t *testing.T, transport string) {
		f := serve(t, nil)
		echoes[event.View](f, "view")
		sockets := f.sockets()
		p := f.join(transport)
		s := get(t, sockets)
		answers := make(chan event.View, 1)
		var kept []event.View
		data := func(i int) []byte { return content(engine.LargeMessage+i*1000, i) }
		for i := range 20 {
			go func() {
				v, err := sio.Call[event.View](context.Background(), s, "call", event.View(data(i)))
				if err != nil {
					t.Error(err)
				}
				answers <- v
			}()
			id := number(i)
			p.expect(`451-`+id+`["call",`+placed+`]`, attached(data(i)))
			p.send(`461-`+id+`[`+placed+`]`, attached(data(i)))
			kept = append(kept, get(t, answers))
			noise := attached(content(40_000, -i))
			p.send(`451-["view",`+placed+`]`, noise)
			p.expect(`451-["view-back",`+placed+`]`, noise)
		}
		for i, v := range kept {
			if !bytes.Equal(v, data(i)) {
				t.Errorf("answer %d has changed", i)
			}
		}
	})
}

// Events that nobody handles, or that cannot be handled, give their memory
// back only once, and disturb nobody.
func TestLargeDataThatNobodyHandles(t *testing.T) {
	f := serve(t, nil)
	echoes[event.View](f, "view")
	echoes[string](f, "string")
	overTransports(t, func(t *testing.T, transport string) {
		p := f.join(transport)
		for i := range 30 {
			data := content(engine.LargeMessage+i*500, i)
			a, text := attached(data), string(data)
			p.send(`451-["unknown",`+placed+`]`, a)
			p.send(`42["unknown","` + text + `"]`)
			p.send(`42["view"]`)
			p.expect(`42["view-back",null]`)
			p.send(`4399["` + text + `"]`) // acknowledges nothing
			p.send(`461-99[`+placed+`]`, a)
			p.send(`451-["string",`+placed+`]`, a)
			if e := f.reported(); e.Event != "string" {
				t.Errorf("reported %v", e)
			}
			p.send(`452-["view","AQID",{"_placeholder":true,"num":1},`+placed+`]`, a, a) // arguments that the handler does not want
			p.expect(`451-["view-back",`+placed+`]`, "bAQID")
			p.send(`451-["view",`+placed+`]`, a)
			p.expect(`451-["view-back",`+placed+`]`, a)
			p.send(`42["string","` + text + `"]`)
			p.expect(`42["string-back","` + text + `"]`)
		}
		p.fenced()
	})
}

// What waits for a handler is bounded, also where it is nearly all text and
// the attachment small.
func TestMailboxCountsTextBesideAttachments(t *testing.T) {
	overTransports(t, func(t *testing.T, transport string) {
		f := serve(t, &sio.Config{MaxMailbox: 64 << 10})
		const events = 240 // of 64 KiB: more than the kernel keeps
		block, done := make(chan struct{}), make(chan struct{})
		n := 0
		sio.On(f, "bulk", func(context.Context, *sio.Socket, event.View) error {
			<-block
			if n++; n == events {
				close(done)
			}
			return nil
		})
		p := f.join(transport)
		sent := make(chan error, 1)
		go func() {
			defer close(sent)
			packet := `451-["bulk",` + placed + `,"` + strings.Repeat("x", 64<<10) + `"]`
			for range events {
				if err := p.write(packet, "bAQ=="); err != nil {
					sent <- err
					return
				}
			}
		}()
		select {
		case err := <-sent:
			t.Errorf("all events were read while the handler was blocked (%v)", err)
		case <-time.After(300 * time.Millisecond): // the time to wrongly read all of it
		}
		close(block)
		if err := <-sent; err != nil {
			t.Error(err)
		}
		await(t, done)
		p.fenced()
	})
}

// allocated returns how many bytes a round allocates.
func allocated(round func()) int {
	const rounds = 500
	for range 10 {
		round()
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range rounds {
		round()
	}
	runtime.ReadMemStats(&after)
	return int(after.TotalAlloc-before.TotalAlloc) / rounds
}

// What is large costs no memory of its size: neither on its way to a handler
// that does not keep it, nor on its way to a client.
func TestLargeBudget(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	const size = 64 << 10
	f := serve(t, nil)
	sockets := f.sockets()
	sio.On(f, "view", func(_ context.Context, s *sio.Socket, v event.View) error { return s.Emit("view", v) })
	sio.On(f, "byte", func(_ context.Context, s *sio.Socket, b []byte) error { return s.Emit("byte", b) })
	sio.On(f, "text", func(_ context.Context, s *sio.Socket, _ none) error { return s.Emit("text") })
	w := f.joinRaw()
	s := get(t, sockets)
	read := func(in []byte) {
		if _, err := io.ReadFull(w.r, in); err != nil {
			t.Fatal(err)
		}
	}
	data := content(size, 1)
	echo := func(name string) int {
		packet := `451-["` + name + `",` + placed + `]`
		out := append(packed(packet), ws.MustCompileFrame(ws.MaskFrame(ws.NewBinaryFrame(data)))...)
		in := make([]byte, 2+len(packet)+10+size)
		n := allocated(func() {
			if _, err := w.conn.Write(out); err != nil {
				t.Fatal(err)
			}
			read(in)
		})
		if !bytes.HasSuffix(in, data) || !bytes.Contains(in, []byte(packet)) {
			t.Fatal("other data came back")
		}
		return n
	}
	out, in := packed(`42["text","`+string(data)+`"]`), make([]byte, 2+len(`42["text"]`))
	large := content(1_200_000, 2) // for which no frame is kept
	for _, test := range []struct {
		what       string
		got, limit int
	}{
		{"an echo of 64 KiB with a View", echo("view"), 1000},
		{"an echo of 64 KiB with a []byte", echo("byte"), size + 10_000},
		{"a text of 64 KiB that nobody decodes", allocated(func() {
			if _, err := w.conn.Write(out); err != nil {
				t.Fatal(err)
			}
			read(in)
		}), 1000},
		{"Emit of 1.2 MB", allocated(func() {
			if err := s.Emit("large", large); err != nil {
				t.Fatal(err)
			}
			const head = 2 + len(`451-["large",`+placed+`]`) + 10
			for rest := head + len(large); rest > 0; rest -= min(rest, len(data)) {
				read(data[:min(rest, len(data))])
			}
		}), 100_000},
	} {
		t.Logf("%s: %d bytes", test.what, test.got)
		if test.got > test.limit {
			t.Errorf("%s: %d bytes, at most %d", test.what, test.got, test.limit)
		}
	}
}
