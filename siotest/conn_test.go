package siotest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// pipe returns the two ends of a connection.
func pipe(t *testing.T) (l *Link, client, server net.Conn) {
	listener := &listener{conns: make(chan net.Conn), done: make(chan struct{})}
	l = newLink(listener)
	accepted := make(chan net.Conn)
	go func() {
		c, err := listener.Accept()
		if err != nil {
			t.Error(err)
		}
		accepted <- c
	}()
	client, err := l.DialContext(t.Context(), "tcp", host)
	if err != nil {
		t.Fatal(err)
	}
	return l, client, <-accepted
}

// inBubble runs a test with a connection in a bubble.
func inBubble(t *testing.T, test func(t *testing.T, l *Link, client, server net.Conn)) {
	synctest.Test(t, func(t *testing.T) {
		l, client, server := pipe(t)
		test(t, l, client, server)
	})
}

func expectRead(t *testing.T, c net.Conn, want string, wantErr error) {
	t.Helper()
	b := make([]byte, 100)
	n, err := c.Read(b)
	if string(b[:n]) != want || !errors.Is(err, wantErr) || (err == nil) != (wantErr == nil) {
		t.Errorf("read %q, %v, want %q, %v", b[:n], err, want, wantErr)
	}
}

func expectWrite(t *testing.T, c net.Conn, text string, want int, wantErr error) {
	t.Helper()
	if n, err := c.Write([]byte(text)); n != want || !errors.Is(err, wantErr) || (err == nil) != (wantErr == nil) {
		t.Errorf("wrote %d, %v, want %d, %v", n, err, want, wantErr)
	}
}

func TestConnEnds(t *testing.T) {
	inBubble(t, func(t *testing.T, l *Link, client, server net.Conn) {
		expectWrite(t, client, "last words", 10, nil)
		if err := client.(*conn).CloseWrite(); err != nil {
			t.Error(err)
		}
		expectWrite(t, client, "x", 0, syscall.EPIPE)
		expectRead(t, server, "last words", nil)
		expectRead(t, server, "", io.EOF)
		expectRead(t, server, "", io.EOF)
		expectWrite(t, server, "answer", 6, nil)
		expectRead(t, client, "answer", nil)
		if err := client.Close(); err != nil {
			t.Error(err)
		}
		if err := client.Close(); !errors.Is(err, net.ErrClosed) {
			t.Error(err)
		}
		expectRead(t, client, "", net.ErrClosed)
		expectWrite(t, client, "x", 0, net.ErrClosed)
		expectWrite(t, server, "x", 0, syscall.EPIPE)
		_ = server.Close()
		if len(l.conns) != 0 {
			t.Error("a closed connection is kept")
		}
	})
}

func TestConnBuffer(t *testing.T) {
	inBubble(t, func(t *testing.T, l *Link, client, server net.Conn) {
		data := bytes.Repeat([]byte("0123456789"), bufferSize/5)
		_ = client.SetWriteDeadline(time.Now().Add(time.Second))
		expectWrite(t, client, string(data), bufferSize, os.ErrDeadlineExceeded)
		_ = client.SetWriteDeadline(time.Time{})
		go func() {
			expectWrite(t, client, string(data[bufferSize:]), len(data)-bufferSize, nil)
			_ = client.Close()
		}()
		l.Split(1000)
		if got, err := io.ReadAll(server); err != nil || !bytes.Equal(got, data) {
			t.Errorf("read %d bytes of %d, %v", len(got), len(data), err)
		}
	})
}

func TestConnDeadlines(t *testing.T) {
	inBubble(t, func(t *testing.T, _ *Link, client, server net.Conn) {
		start := time.Now()
		_ = client.SetDeadline(start.Add(time.Second))
		expectRead(t, client, "", os.ErrDeadlineExceeded)
		expectWrite(t, client, "x", 0, os.ErrDeadlineExceeded)
		if d := time.Since(start); d != time.Second {
			t.Errorf("after %v", d)
		}
		_ = client.SetDeadline(time.Time{})
		time.AfterFunc(time.Second, func() { _ = client.SetReadDeadline(time.Now()) })
		expectRead(t, client, "", os.ErrDeadlineExceeded) // of a read that waits already
		if err := os.ErrDeadlineExceeded.(net.Error); !err.Timeout() {
			t.Error("no timeout")
		}
		_ = client.SetReadDeadline(time.Time{})
		time.AfterFunc(time.Second, func() { expectWrite(t, server, "x", 1, nil) })
		expectRead(t, client, "x", nil)
	})
}

func TestConnLinks(t *testing.T) {
	inBubble(t, func(t *testing.T, l *Link, client, server net.Conn) {
		start := time.Now()
		l.Delay(time.Second)
		expectWrite(t, client, "slow", 4, nil)
		_ = client.Close()
		expectRead(t, server, "slow", nil)
		expectRead(t, server, "", io.EOF)
		if d := time.Since(start); d != time.Second {
			t.Errorf("after %v", d)
		}
	})
	inBubble(t, func(t *testing.T, l *Link, client, server net.Conn) {
		l.Freeze()
		expectWrite(t, client, "cold", 4, nil)
		_ = client.Close()
		expectWrite(t, server, "unaware", 7, nil) // of the other end
		_ = server.SetReadDeadline(time.Now().Add(time.Hour))
		expectRead(t, server, "", os.ErrDeadlineExceeded)
		_ = server.SetReadDeadline(time.Time{})
		l.Thaw()
		expectRead(t, server, "cold", nil)
		expectRead(t, server, "", io.EOF)
	})
	inBubble(t, func(t *testing.T, l *Link, client, server net.Conn) {
		expectWrite(t, client, "under way", 9, nil)
		l.Cut()
		l.Thaw() // is of no use
		expectWrite(t, client, string(make([]byte, 2*bufferSize)), 2*bufferSize, nil)
		_ = client.Close()
		_ = server.SetReadDeadline(time.Now().Add(time.Hour))
		expectRead(t, server, "", os.ErrDeadlineExceeded)
	})
	inBubble(t, func(t *testing.T, l *Link, client, server net.Conn) {
		expectWrite(t, client, "under way", 9, nil)
		time.AfterFunc(time.Second, l.Reset)
		expectRead(t, client, "", syscall.ECONNRESET)
		expectRead(t, server, "", syscall.ECONNRESET)
		expectWrite(t, server, "x", 0, syscall.ECONNRESET)
	})
}

func TestDialOverLinks(t *testing.T) {
	inBubble(t, func(t *testing.T, l *Link, _, _ net.Conn) {
		l.Freeze()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := l.DialContext(ctx, "", ""); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		time.AfterFunc(time.Second, l.Thaw)
		go func() { _, _ = l.listener.Accept() }()
		if _, err := l.DialContext(t.Context(), "", ""); err != nil {
			t.Error(err)
		}
		ctx, cancel = context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := l.DialContext(ctx, "", ""); !errors.Is(err, context.DeadlineExceeded) { // nobody accepts
			t.Error(err)
		}
		_ = l.listener.Close()
		if _, err := l.listener.Accept(); !errors.Is(err, net.ErrClosed) {
			t.Error(err)
		}
		if _, err := l.DialContext(t.Context(), "", ""); !errors.Is(err, syscall.ECONNREFUSED) {
			t.Error(err)
		}
		l.Cut()
		time.AfterFunc(time.Second, l.close)
		if _, err := l.DialContext(t.Context(), "", ""); !errors.Is(err, syscall.ECONNREFUSED) {
			t.Error(err)
		}
	})
}
