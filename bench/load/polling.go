package load

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/gosio/sio/bench/result"
)

// A channel is an HTTP/1.1 connection that is kept open, with one request at
// a time.
type channel struct {
	*stream
	answered func(body []byte)
}

func (l *loop) channel(t Target) (*channel, error) {
	ch := &channel{}
	s, err := l.open(t.Addr, ch)
	if err != nil {
		return nil, err
	}
	ch.stream = s
	return ch, nil
}

// request sends a request; the answer's body lives only during the call.
func (ch *channel) request(head string, body []byte, answered func(body []byte)) {
	if ch.answered != nil {
		ch.loop.fail(errors.New("two requests at a time"))
	}
	ch.answered = answered
	ch.out = append(ch.out, head...)
	if body != nil {
		ch.out = append(ch.out, "Content-Type: text/plain;charset=UTF-8\r\nContent-Length: "...)
		ch.out = strconv.AppendInt(ch.out, int64(len(body)), 10)
		ch.out = append(ch.out, "\r\n"...)
	}
	ch.out = append(append(ch.out, "\r\n"...), body...)
}

var (
	lineEnd       = []byte("\r\n")
	headEnd       = []byte("\r\n\r\n")
	contentLength = []byte("content-length:")
)

func (ch *channel) consume(data []byte) (used int) {
	end := bytes.Index(data, headEnd)
	if end < 0 {
		return 0
	}
	head := data[:end]
	if !bytes.HasPrefix(head, []byte("HTTP/1.1 200")) {
		ch.loop.fail(fmt.Errorf("refused: %.200q", data))
		return len(data)
	}
	length := -1
	for line := range bytes.SplitSeq(head, lineEnd) {
		if len(line) > len(contentLength) && bytes.EqualFold(line[:len(contentLength)], contentLength) {
			length, _ = strconv.Atoi(string(bytes.TrimSpace(line[len(contentLength):])))
		}
	}
	if length < 0 {
		ch.loop.fail(fmt.Errorf("an answer without Content-Length: %.200q", head))
		return len(data)
	}
	used = end + len(headEnd) + length
	if len(data) < used {
		return 0
	}
	answered := ch.answered
	ch.answered = nil
	answered(data[end+len(headEnd) : used])
	return used
}

func (ch *channel) ended(err error) { ch.loop.fail(fmt.Errorf("connection lost: %w", err)) }

// A poller is a client over polling.
type poller struct {
	*channel
	sid      string
	getHead  string
	postHead string
}

// poller connects a client and calls joined when it is in the main namespace.
func (l *loop) poller(t Target, joined func()) (*poller, error) {
	ch, err := l.channel(t)
	if err != nil {
		return nil, err
	}
	p := &poller{channel: ch}
	line := " /socket.io/?EIO=4&transport=polling"
	rest := " HTTP/1.1\r\nHost: " + t.Addr.String() + "\r\n"
	p.request("GET"+line+rest, nil, func(body []byte) {
		var open struct {
			SID string `json:"sid"`
		}
		if err := json.Unmarshal(bytes.TrimPrefix(body, []byte("0")), &open); err != nil {
			l.fail(fmt.Errorf("no open packet: %.80q", body))
			return
		}
		p.sid = open.SID
		p.getHead = "GET" + line + "&sid=" + open.SID + rest
		p.postHead = "POST" + line + "&sid=" + open.SID + rest
		p.post(p.channel, []byte("40"), func() {
			p.get(func(body []byte) {
				if !bytes.HasPrefix(body, []byte("40")) {
					l.fail(fmt.Errorf("not joined: %.80q", body))
					return
				}
				joined()
			})
		})
	})
	p.flush()
	return p, nil
}

func (p *poller) get(answered func(body []byte)) { p.request(p.getHead, nil, answered) }

// post sends packets on a channel of the caller's choice, as the first one
// may have a poll that waits.
func (p *poller) post(ch *channel, body []byte, posted func()) {
	ch.request(p.postHead, body, func(answer []byte) {
		p.loop.expect(answer, []byte("ok"))
		posted()
	})
}

const pollers = 100

// pollEcho measures echoes, one in flight, of clients over polling: one poll
// and one post each.
func pollEcho(t Target, d time.Duration) (result.Measure, error) {
	return with(func(l *loop) (result.Measure, error) {
		joined := 0
		all := make([]*poller, pollers)
		for i := range all {
			var err error
			if all[i], err = l.poller(t, func() { joined++ }); err != nil {
				return result.Measure{}, err
			}
		}
		if err := l.until(func() bool { return joined == len(all) }); err != nil {
			return result.Measure{}, err
		}
		c := newTally()
		for i, p := range all {
			posts, err := l.channel(t)
			if err != nil {
				return result.Measure{}, err
			}
			pollLoop(p, posts, i, c)
		}
		return l.measure(t, c, d)
	})
}

// pollLoop has a client poll, and post its next event when it has the answer
// to the last one, of the post as well as of the event.
func pollLoop(p *poller, posts *channel, number int, c *tally) {
	var (
		seq, open int
		buf       []byte
		began     time.Time
		next      func()
	)
	ended := func() {
		if open--; open == 0 {
			next()
		}
	}
	next = func() {
		seq++
		open, began = 2, p.loop.now
		buf = appendEcho(buf[:0], number, seq)[0:]
		p.get(func(body []byte) {
			p.loop.expect(body, buf)
			c.done(p.loop, began)
			ended()
		})
		p.flush()
		p.post(posts, buf, ended)
		posts.flush()
	}
	next()
}
