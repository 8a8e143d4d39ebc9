package main

import (
	"bytes"
	"net"
	"net/http"
	"sync"

	"github.com/gobwas/ws"

	"github.com/gosio/sio/bench/servers/internal/frame"
)

// upgrade makes a WebSocket of a request. It is served by a goroutine of its
// own, so that net/http lets go of all that it has for the request.
func upgrade(w http.ResponseWriter, r *http.Request, sid string) {
	c, rw, _, err := ws.UpgradeHTTP(r, w)
	if err != nil {
		return // UpgradeHTTP has answered
	}
	early, err := rw.Reader.Peek(rw.Reader.Buffered())
	if err != nil {
		return
	}
	in := make([]byte, max(4096, len(early)))
	go serve(c, in, copy(in, early), sid)
}

// serve answers what comes over a WebSocket until it ends; in has some of
// that already.
func serve(c net.Conn, in []byte, have int, sid string) {
	join(c)
	defer func() {
		leave(c)
		end(sid)
		_ = c.Close()
	}()
	for {
		out, used, done := answer(in[:have], sid)
		if len(out) > 0 {
			if _, err := c.Write(out); err != nil {
				return
			}
		}
		if done {
			return
		}
		if have = copy(in, in[used:have]); have == len(in) {
			in = append(in, make([]byte, len(in))...) // a frame that did not fit
		}
		n, err := c.Read(in[have:])
		if err != nil {
			return
		}
		have += n
	}
}

var (
	castPrefix = []byte(`42["cast"`)
	probe      = []byte("2probe")
	probed     = []byte("3probe")
	upgraded   = []byte("5")
)

// answer returns the answers to the whole frames of in, and their length.
// They overwrite the frames, as an answer is shorter than its question.
func answer(in []byte, sid string) (out []byte, used int, done bool) {
	out = in[:0]
	for {
		first, payload, n, err := frame.Split(in[used:])
		if err != nil {
			return out, used, true
		}
		if n == 0 {
			return out, used, false
		}
		used += n
		switch {
		case first == frame.FinalText && bytes.HasPrefix(payload, castPrefix):
			cast(payload)
		case sid != "" && bytes.Equal(payload, probe):
			out = frame.Append(out, first, probed)
			queue(sid, noop)
		case sid != "" && bytes.Equal(payload, upgraded):
		case ws.OpCode(first&0x0f) == ws.OpPing:
			out = frame.Append(out, 0x80|byte(ws.OpPong), payload)
		case ws.OpCode(first&0x0f) == ws.OpPong:
		default:
			out = frame.Append(out, first, payload)
			if ws.OpCode(first&0x0f) == ws.OpClose {
				return out, used, true
			}
		}
	}
}

var (
	mu  sync.RWMutex
	all = map[net.Conn]bool{}
)

func join(c net.Conn) {
	mu.Lock()
	defer mu.Unlock()
	all[c] = true
}

func leave(c net.Conn) {
	mu.Lock()
	defer mu.Unlock()
	delete(all, c)
}

func cast(text []byte) {
	f := frame.Append(nil, frame.FinalText, text)
	mu.RLock()
	defer mu.RUnlock()
	for c := range all {
		_, _ = c.Write(f)
	}
}
