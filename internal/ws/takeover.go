//go:build !js

package ws

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"time"

	"github.com/gosio/sio/internal/netpoll"
)

// takeOver takes a connection over from net/http, with what it has read of it
// already. nc is the one that the request went over, and nil if that is not
// known; body is that of the answer; gone is called when the connection is closed,
// unless it is returned as it is.
func takeOver(nc net.Conn, body io.ReadCloser, gone func()) (_ net.Conn, leftover []byte, err error) {
	switch nc.(type) {
	case *net.TCPConn, *net.UnixConn:
		if netpoll.Polls { // which needs the connection itself
			leftover, err = buffered(nc, body)
			return nc, leftover, err
		}
	}
	s := stream{body: body, gone: gone}
	var ok bool
	if s.writer, ok = body.(io.Writer); nc == nil {
		if !ok {
			return nil, nil, fmt.Errorf("ws: the answer's body (a %T) has no Write: the RoundTripper hides the connection", body)
		}
		return s, nil, nil
	}
	if !ok {
		s.writer = nc
	}
	return connStream{s, nc}, nil, nil
}

// buffered returns what net/http's reader has read behind the answer. It does not
// read the connection itself, as that is past its deadline.
func buffered(nc net.Conn, body io.Reader) (all []byte, err error) {
	if err := nc.SetReadDeadline(time.Unix(1, 0)); err != nil {
		return nil, err
	}
	chunk := make([]byte, 4<<10)
	for err == nil {
		var n int
		n, err = body.Read(chunk)
		all = append(all, chunk[:n]...)
	}
	if !errors.Is(err, os.ErrDeadlineExceeded) {
		return nil, err
	}
	return all, nc.SetReadDeadline(time.Time{})
}

// stream is the body of an answer as a connection, for the portable path.
type stream struct {
	body   io.ReadCloser
	writer io.Writer
	gone   func()
}

func (s stream) Read(p []byte) (int, error)  { return s.body.Read(p) }
func (s stream) Write(p []byte) (int, error) { return s.writer.Write(p) }

func (s stream) Close() error {
	defer s.gone()
	return s.body.Close()
}

func (s stream) CloseWrite() error {
	if half, ok := s.writer.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return errors.ErrUnsupported
}

func (stream) LocalAddr() net.Addr              { return unknownAddr{} }
func (stream) RemoteAddr() net.Addr             { return unknownAddr{} }
func (stream) SetDeadline(time.Time) error      { return os.ErrNoDeadline }
func (stream) SetReadDeadline(time.Time) error  { return os.ErrNoDeadline }
func (stream) SetWriteDeadline(time.Time) error { return os.ErrNoDeadline }

type unknownAddr struct{}

func (unknownAddr) Network() string { return "unknown" }
func (unknownAddr) String() string  { return "unknown" }

// connStream is a stream of which the connection below is known.
type connStream struct {
	stream
	conn net.Conn
}

// NetConn returns the connection that can be closed without a good-bye.
func (s connStream) NetConn() net.Conn {
	if t, ok := s.conn.(interface{ NetConn() net.Conn }); ok { // as tls.Conn has it
		return t.NetConn()
	}
	return s.conn
}

func (s connStream) LocalAddr() net.Addr                { return s.conn.LocalAddr() }
func (s connStream) RemoteAddr() net.Addr               { return s.conn.RemoteAddr() }
func (s connStream) SetDeadline(t time.Time) error      { return s.conn.SetDeadline(t) }
func (s connStream) SetReadDeadline(t time.Time) error  { return s.conn.SetReadDeadline(t) }
func (s connStream) SetWriteDeadline(t time.Time) error { return s.conn.SetWriteDeadline(t) }
