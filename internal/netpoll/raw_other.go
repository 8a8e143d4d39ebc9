//go:build !(linux || darwin || freebsd)

package netpoll

import (
	"net"
	"syscall"

	"github.com/gosio/sio/internal/buf"
)

// Other systems take the portable path.
func parkable(net.Conn) bool { return false }

func newRawConn(syscall.RawConn) *rawConn { return nil }

func (c *rawConn) readSome(*buf.Buffer) (*buf.Buffer, error) { panic("netpoll: not parkable") }

func (c *rawConn) writeSome([][]byte, bool) (int, error) { panic("netpoll: not parkable") }
