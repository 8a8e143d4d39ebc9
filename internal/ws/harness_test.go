package ws_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	gobwas "github.com/gobwas/ws"

	"github.com/gosio/sio/internal/buf"
	"github.com/gosio/sio/internal/frame"
	"github.com/gosio/sio/internal/netpoll"
	"github.com/gosio/sio/internal/ws"
)

// TestMain fails when a test leaves a goroutine of ours behind.
func TestMain(m *testing.M) {
	code := m.Run()
	poller.Close()
	if code == 0 {
		var stacks string
		for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(10 * time.Millisecond) {
			if stacks = ours(); stacks == "" {
				break
			}
			if time.Now().After(deadline) {
				fmt.Printf("goroutines left:\n%s\n", stacks)
				code = 1
				break
			}
		}
		if b, f := buf.Outstanding(), frame.Outstanding(); b != 0 || f != 0 { // counted with the tag bufdebug
			fmt.Printf("%d buffers and %d frames were not released\n", b, f)
			code = 1
		}
	}
	os.Exit(code)
}

// ours returns the stacks of goroutines that run code of the module, but this one.
func ours() string {
	all := make([]byte, 1<<20)
	var left []string
	for i, g := range strings.Split(string(all[:runtime.Stack(all, true)]), "\n\n") {
		if i > 0 && strings.Contains(g, "gosio/sio") && !strings.Contains(g, "testing.") {
			left = append(left, g)
		}
	}
	return strings.Join(left, "\n\n")
}

// recorder is a Handler whose calls can be waited for.
type recorder struct {
	messages chan message
	closed   chan error
	gone     chan struct{}
	onText   func(payload []byte, binary bool)
}

type message struct {
	data   string
	binary bool
}

func newRecorder() *recorder {
	return &recorder{messages: make(chan message, 1<<16), closed: make(chan error, 2), gone: make(chan struct{})}
}

func (r *recorder) Message(p []byte, binary bool) <-chan struct{} {
	if r.onText != nil {
		r.onText(p, binary)
		return nil
	}
	r.messages <- message{string(p), binary}
	return nil
}
func (r *recorder) Resumed()                  {}
func (r *recorder) CaughtUp() <-chan struct{} { return nil }
func (r *recorder) Closed(err error)          { r.closed <- err }
func (r *recorder) Gone()                     { close(r.gone) }

const patience = 20 * time.Second

func receive[T any](t testing.TB, what string, c <-chan T) T {
	t.Helper()
	select {
	case v := <-c:
		return v
	case <-time.After(patience):
		t.Fatalf("no %s", what)
		panic("unreachable")
	}
}

// poller is that of all tests.
var poller = new(netpoll.Poller)

// carriers are the ways in which a connection can be read and written.
var carriers = []struct {
	name string
	pair func(t testing.TB) (server, client net.Conn)
	opt  ws.Options
}{
	{"tcp", tcpPair, ws.Options{Poller: poller}},
	{"portable tcp", tcpPair, ws.Options{}},
	{"pipe", func(testing.TB) (net.Conn, net.Conn) { return net.Pipe() }, ws.Options{Poller: poller}},
	{"tls", tlsPair, ws.Options{Poller: poller}},
}

func onCarriers(t *testing.T, test func(t *testing.T, p *pair)) {
	for _, c := range carriers {
		t.Run(c.name, func(t *testing.T) {
			test(t, connect(t, c.pair, c.opt))
		})
	}
}

func tcpPair(t testing.TB) (server, client net.Conn) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	client, err = net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	server, err = l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	return server, client
}

func tlsPair(t testing.TB) (server, client net.Conn) {
	server, client = tcpPair(t)
	ts := httptest.NewTLSServer(nil) // for its certificate
	defer ts.Close()
	client = tls.Client(client, &tls.Config{InsecureSkipVerify: true})
	done := make(chan error, 1)
	go func() { done <- client.(*tls.Conn).Handshake() }()
	server = tls.Server(server, &tls.Config{Certificates: ts.TLS.Certificates})
	if err := errors.Join(server.(*tls.Conn).Handshake(), <-done); err != nil {
		t.Fatal(err)
	}
	return server, client
}

// pair is a connection under test and a client that speaks bytes.
type pair struct {
	*recorder
	conn   *ws.Conn
	client net.Conn
	t      testing.TB
}

func connect(t testing.TB, dial func(testing.TB) (net.Conn, net.Conn), o ws.Options) *pair {
	server, client := dial(t)
	_ = client.SetDeadline(time.Now().Add(patience))
	p := &pair{recorder: newRecorder(), client: client, t: t}
	p.conn = ws.NewConn(server, nil, &o, o.Deflate != nil)
	p.conn.Start(p.recorder)
	t.Cleanup(func() {
		_ = client.Close()
		p.conn.CloseNow()
		receive(t, "end of the connection", p.gone)
	})
	return p
}

// masked encodes a client's frame.
func masked(first byte, payload []byte) []byte {
	h := gobwas.Header{Fin: first&0x80 != 0, Rsv: first >> 4 & 7, OpCode: gobwas.OpCode(first & 15), Masked: true, Mask: [4]byte{1, 2, 3, 4}, Length: int64(len(payload))}
	var b bytes.Buffer
	_ = gobwas.WriteHeader(&b, h)
	payload = bytes.Clone(payload)
	gobwas.Cipher(payload, h.Mask, 0)
	b.Write(payload)
	return b.Bytes()
}

func (p *pair) write(frames ...[]byte) {
	p.t.Helper()
	if _, err := p.client.Write(bytes.Join(frames, nil)); err != nil {
		p.t.Fatal(err)
	}
}

func (p *pair) read() gobwas.Frame {
	p.t.Helper()
	f, err := readFrame(p.client)
	if err != nil {
		p.t.Fatal(err)
	}
	return f
}

// readFrame reads one frame of a server that is trusted to be sensible.
func readFrame(r io.Reader) (f gobwas.Frame, err error) {
	if f.Header, err = gobwas.ReadHeader(r); err != nil {
		return f, err
	}
	f.Payload = make([]byte, f.Header.Length)
	_, err = io.ReadFull(r, f.Payload)
	return f, err
}

// expectClose reads until a close frame, and checks its code.
func (p *pair) expectClose(code int) {
	p.t.Helper()
	for {
		f := p.read()
		if f.Header.OpCode != gobwas.OpClose {
			continue
		}
		got, _ := gobwas.ParseCloseFrameData(f.Payload)
		if len(f.Payload) == 0 {
			got = 1005
		}
		if int(got) != code {
			p.t.Errorf("close code %d, want %d", got, code)
		}
		return
	}
}

func textFrame(s string) *frame.Frame {
	f := frame.New(len(s))
	f.B = append(f.B, s...)
	f.Seal(false, true)
	return f
}

// serve runs a server that upgrades with the options given.
func serve(t *testing.T, o *ws.Options) (url string, conns chan *pair) {
	if o == nil {
		o = &ws.Options{}
	}
	o.Poller = poller
	conns = make(chan *pair, 100)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, err := ws.Upgrade(w, r, o)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		p := &pair{recorder: newRecorder(), conn: conn, t: t}
		conn.Start(p.recorder)
		t.Cleanup(func() { conn.CloseNow(); receive(t, "end", p.gone) })
		conns <- p
	}))
	t.Cleanup(srv.Close)
	return srv.URL, conns
}

func dial(t *testing.T, url string, d gobwas.Dialer) net.Conn {
	t.Helper()
	c, _, _, err := d.Dial(context.Background(), "ws"+strings.TrimPrefix(url, "http"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}
