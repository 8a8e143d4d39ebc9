package badlink_test

import (
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/gosio/sio/e2e/badlink"
)

// soon is how long a test waits for what must not come.
const soon = 100 * time.Millisecond

// fixture is a Link to a server that hands over its connections.
type fixture struct {
	*testing.T
	link   *badlink.Link
	server chan net.Conn
}

func newFixture(t *testing.T) *fixture {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	f := &fixture{T: t, server: make(chan net.Conn, 10)}
	var accepting sync.WaitGroup
	accepting.Go(func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			f.server <- c
		}
	})
	if f.link, err = badlink.Listen(listener.Addr().String(), 1); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		f.link.Close()
		_ = listener.Close()
		accepting.Wait()
	})
	return f
}

// dial connects, and returns both ends.
func (f *fixture) dial() (client, server net.Conn) {
	f.Helper()
	client, err := net.Dial("tcp", f.link.Addr())
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = client.Close() })
	select {
	case server = <-f.server:
	case <-time.After(time.Minute):
		f.Fatal("no connection")
	}
	f.Cleanup(func() { _ = server.Close() })
	return client, server
}

// send sends a text, which has to arrive.
func (f *fixture) send(from, to net.Conn, text string) {
	f.Helper()
	if _, err := io.WriteString(from, text); err != nil {
		f.Fatal(err)
	}
	f.expect(to, text)
}

func (f *fixture) expect(c net.Conn, text string) {
	f.Helper()
	got := make([]byte, len(text))
	_ = c.SetReadDeadline(time.Now().Add(time.Minute))
	if _, err := io.ReadFull(c, got); err != nil || string(got) != text {
		f.Fatalf("%q, %v instead of %q", got, err, text)
	}
}

// ends checks how a connection ends, after it has brought nothing.
func (f *fixture) ends(c net.Conn, patience time.Duration, want error) {
	f.Helper()
	_ = c.SetReadDeadline(time.Now().Add(patience))
	n, err := c.Read(make([]byte, 100))
	if n > 0 || !errors.Is(err, want) {
		f.Errorf("%d bytes, %v instead of %v", n, err, want)
	}
}

// What comes through a Link comes whole and in order, however late and in however many pieces.
func TestWhole(t *testing.T) {
	f := newFixture(t)
	client, server := f.dial()
	f.link.Strike(badlink.Lag, 100)
	f.link.Strike(badlink.Crumble, 100)
	data := make([]byte, 100_000)
	for i := range data {
		data[i] = byte(i * i)
	}
	for _, ends := range [][2]net.Conn{{client, server}, {server, client}} {
		var sending sync.WaitGroup
		sending.Go(func() { _, _ = ends[0].Write(data) })
		got := make([]byte, len(data))
		if _, err := io.ReadFull(ends[1], got); err != nil || !bytes.Equal(got, data) {
			t.Errorf("other bytes, %v", err)
		}
		sending.Wait()
	}
	if struck := f.link.Struck(); struck[badlink.Lag] != 1 || struck[badlink.Crumble] != 1 {
		t.Error(struck)
	}
}

// The ends of a connection are told of each other's.
func TestEnds(t *testing.T) {
	f := newFixture(t)
	client, server := f.dial()
	f.send(client, server, "a")
	_ = client.(*net.TCPConn).CloseWrite()
	f.ends(server, time.Minute, io.EOF)
	f.send(server, client, "b")
	_ = server.Close()
	f.ends(client, time.Minute, io.EOF)

	client, server = f.dial()
	f.send(client, server, "a")
	_ = client.(*net.TCPConn).SetLinger(0)
	_ = client.Close()
	f.ends(server, time.Minute, syscall.ECONNRESET)
}

func TestIncidents(t *testing.T) {
	const whole, cut = "1234567890", "12345"
	for kind, client := range map[badlink.Kind]error{ // what the client sees
		badlink.Reset: syscall.ECONNRESET, badlink.Close: io.EOF, badlink.Refuse: syscall.ECONNRESET,
		badlink.Hole: os.ErrDeadlineExceeded, badlink.Deaf: os.ErrDeadlineExceeded, badlink.Mute: os.ErrDeadlineExceeded,
	} {
		t.Run(kind.String(), func(t *testing.T) {
			f := newFixture(t)
			up, down := f.dial()
			f.send(up, down, "a")
			f.link.Strike(kind, len(cut))
			_, _ = io.WriteString(up, whole)
			switch kind { // a reset may lose what came before it
			case badlink.Mute:
				f.expect(down, whole)
			case badlink.Reset, badlink.Refuse:
				_, err := io.ReadFull(down, make([]byte, len(whole)))
				if !errors.Is(err, syscall.ECONNRESET) {
					t.Errorf("the server sees %v", err)
				}
			default:
				f.expect(down, cut)
			}
			patience := time.Minute
			if kind.Silent() {
				patience = soon
			}
			switch kind {
			case badlink.Deaf:
				f.ends(down, soon, os.ErrDeadlineExceeded)
				f.send(down, up, "b")
			case badlink.Mute:
				_, _ = io.WriteString(down, "b")
			case badlink.Hole:
				f.ends(down, soon, os.ErrDeadlineExceeded)
				_, _ = io.WriteString(down, "b")
			case badlink.Close:
				f.ends(down, patience, io.EOF)
			}
			f.ends(up, patience, client)
			if n := f.link.Struck()[kind]; n != 1 {
				t.Errorf("struck %d times", n)
			}
		})
	}
}

// What a Late has told the client to be lost reaches the server.
func TestLate(t *testing.T) {
	f := newFixture(t)
	client, server := f.dial()
	f.link.Strike(badlink.Late, 1)
	f.send(client, server, "a")
	f.send(server, client, "b")
	_, _ = io.WriteString(client, "c")
	f.ends(client, time.Minute, syscall.ECONNRESET)
	f.expect(server, "c")
	f.ends(server, time.Minute, io.EOF)
}

// Later connections are refused, but not for ever.
func TestRefuse(t *testing.T) {
	f := newFixture(t)
	client, server := f.dial()
	f.link.Strike(badlink.Refuse, 1)
	_, _ = io.WriteString(client, "a")
	if _, err := io.ReadAll(server); !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("the server sees %v", err)
	}
	for refused := 0; ; refused++ {
		c, err := net.Dial("tcp", f.link.Addr())
		if errors.Is(err, syscall.ECONNRESET) { // so soon
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			_, _ = c.Read(make([]byte, 1))
		}()
		select {
		case server := <-f.server:
			_, _ = server.Close(), c.Close()
			<-ended
			if refused < 1 || refused > 3 {
				t.Errorf("%d were refused", refused)
			}
			return
		case <-ended:
			_ = c.Close()
		}
	}
}
