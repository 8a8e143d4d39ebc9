package badlink

import (
	"io"
	"math/rand/v2"
	"net"
	"time"
)

// pair is a client's connection, and the one to the server that it is carried on with.
type pair struct {
	link     *Link
	up, down way
}

// way is one direction of a pair.
type way struct {
	from, to *net.TCPConn
	random   *rand.Rand // guarded by Link.mu, as the state is
	state    state
}

// state is what becomes of what is sent.
type state int

const (
	passes state = iota
	lost         // without a word
	late         // it arrives when its sender has been told that it does not
)

// linger is how long the ends of a connection that is closed in order may take to close theirs.
const linger = 500 * time.Millisecond

// carry carries one direction until it ends.
func (p *pair) carry(w *way) {
	buf := make([]byte, 16<<10)
	for {
		n, err := w.from.Read(buf)
		if passing := p.pass(w, buf[:n]); !passing {
			return
		}
		if err != nil {
			p.over(w, err)
			return
		}
	}
}

// pass sends bytes on, and reports false if there is nothing to be sent any more.
func (p *pair) pass(w *way, rest []byte) bool {
	for len(rest) > 0 {
		next := p.link.next(w, len(rest))
		switch next.state {
		case lost:
			return true
		case late:
			p.belated(w, rest)
			return false
		}
		time.Sleep(next.delay)
		_, err := w.to.Write(rest[:next.n])
		p.link.strike(next.strike)
		if err != nil {
			p.over(w, err)
			return false
		}
		rest = rest[next.n:]
	}
	return true
}

// belated resets the sender's connection, and delivers what it has sent after that.
func (p *pair) belated(w *way, rest []byte) {
	p.link.mu.Lock()
	p.down.state = lost // or what is sent to the client now would break the other connection, too
	delay := 5*time.Millisecond + time.Duration(w.random.IntN(int(40*time.Millisecond)))
	p.link.mu.Unlock()
	reset(w.from)
	time.Sleep(delay)
	_, _ = w.to.Write(rest)
	_ = w.to.Close()
}

// over tells the other end that a direction has ended, unless it shall not know.
func (p *pair) over(w *way, err error) {
	p.link.mu.Lock()
	defer p.link.mu.Unlock()
	switch {
	case w.state != passes:
	case err == io.EOF:
		_ = w.to.CloseWrite()
	default:
		p.reset()
	}
}

// reset breaks both connections. Link.mu is held.
func (p *pair) reset() {
	reset(p.up.from)
	reset(p.down.from)
}

func reset(c *net.TCPConn) {
	_ = c.SetLinger(0)
	_ = c.Close()
}

// close tells both ends that nothing follows, and loses what they still send. Link.mu is held.
func (p *pair) close() {
	for _, w := range []*way{&p.up, &p.down} {
		w.state = lost
		_ = w.from.CloseWrite()
		_ = w.from.SetReadDeadline(time.Now().Add(linger))
	}
}
