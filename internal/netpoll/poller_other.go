//go:build !linux

package netpoll

import "net"

// Poller is of no use on this system: all connections take the portable path.
type Poller struct{}

// Polls says that there are pollers on this system.
const Polls = false

// Shared is the Poller of all connections of the process that belong to no server.
var Shared = new(Poller)

// Close does nothing.
func (p *Poller) Close() {}

func (p *Poller) adopt(net.Conn) *polled { return nil }

// polled is never made on this system.
type polled struct{}

func (c *polled) start(Reader) error           { panic(errPolled) }
func (c *polled) read([]byte) (int, error)     { panic(errPolled) }
func (c *polled) readWait([]byte) (int, error) { panic(errPolled) }
func (c *polled) write([][]byte) (int, error)  { panic(errPolled) }
func (c *polled) writeWait([][]byte) error     { panic(errPolled) }
func (c *polled) close() error                 { panic(errPolled) }
func (c *polled) closeWrite()                  { panic(errPolled) }

const errPolled = "netpoll: no poller on this system"
