package sio_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"

	"github.com/gobwas/ws"

	"github.com/gosio/sio"
)

// webSocket carries a peer over a WebSocket.
type webSocket struct {
	conn net.Conn
	r    io.Reader
	gate *gate
}

// gate is a reader that can be stopped from reading more.
type gate struct {
	io.Reader
	mu   sync.Mutex
	shut chan struct{} // nil while it is open
}

func (g *gate) Read(b []byte) (int, error) {
	g.mu.Lock()
	shut := g.shut
	g.mu.Unlock()
	if shut != nil {
		<-shut
	}
	return g.Reader.Read(b)
}

func (g *gate) open() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.shut != nil {
		close(g.shut)
		g.shut = nil
	}
}

// stall keeps the peer from reading, but for what it is about to read.
func stall(p *peer) {
	g := p.carrier.(*webSocket).gate
	g.mu.Lock()
	defer g.mu.Unlock()
	g.shut = make(chan struct{})
}

func resume(p *peer) { p.carrier.(*webSocket).gate.open() }

func dialWebSocket(url string) (*webSocket, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	conn, br, _, err := ws.Dial(ctx, url)
	if err != nil {
		return nil, err
	}
	g := &gate{Reader: conn}
	w := &webSocket{conn: conn, gate: g}
	if br != nil { // what came along with the handshake
		head := make([]byte, br.Buffered())
		_, _ = io.ReadFull(br, head)
		ws.PutReader(br)
		w.r = bufio.NewReader(io.MultiReader(bytes.NewReader(head), g))
	} else {
		w.r = bufio.NewReaderSize(g, 1<<10)
	}
	return w, nil
}

func (w *webSocket) frame(op ws.OpCode, payload []byte) error {
	return ws.WriteFrame(w.conn, ws.MaskFrame(ws.NewFrame(op, true, payload)))
}

func (w *webSocket) write(packets []string) error {
	var all bytes.Buffer
	for _, p := range packets {
		f := ws.NewTextFrame([]byte(p))
		if strings.HasPrefix(p, "b") {
			data, err := base64.StdEncoding.DecodeString(p[1:])
			if err != nil {
				return err
			}
			f = ws.NewBinaryFrame(data)
		}
		if err := ws.WriteFrame(&all, ws.MaskFrame(f)); err != nil {
			return err
		}
	}
	_, err := w.conn.Write(all.Bytes())
	return err
}

func (w *webSocket) close() {
	_ = w.conn.Close()
	w.gate.open()
}

// read returns the next packet.
func (w *webSocket) read() (string, error) {
	for {
		head, err := ws.ReadHeader(w.r)
		if err != nil {
			return "", err
		}
		payload := make([]byte, head.Length)
		if _, err := io.ReadFull(w.r, payload); err != nil {
			return "", err
		}
		switch head.OpCode {
		case ws.OpText:
			return string(payload), nil
		case ws.OpBinary:
			return "b" + base64.StdEncoding.EncodeToString(payload), nil
		case ws.OpClose:
			_ = w.frame(ws.OpClose, payload)
			code, reason := ws.ParseCloseFrameData(payload)
			return "", fmt.Errorf("close frame %d %s", code, reason)
		}
	}
}

// startWebSocket connects over WebSocket from the beginning.
func (p *peer) startWebSocket(more string) error {
	w, err := dialWebSocket(p.srv.url("websocket", more))
	if err != nil {
		return err
	}
	open, err := w.read()
	if err != nil {
		return err
	}
	p.opened(open)
	p.carrier = w
	go p.readFrom(w)
	return nil
}

func (p *peer) readFrom(w *webSocket) {
	for {
		packet, err := w.read()
		if err != nil {
			w.close()
			p.gone(err)
			return
		}
		p.took(packet)
	}
}

// opened reads the engine's handshake.
func (p *peer) opened(packet string) {
	var open struct{ SID string }
	if !strings.HasPrefix(packet, "0") || json.Unmarshal([]byte(packet[1:]), &open) != nil || open.SID == "" {
		p.t.Errorf("engine handshake: %s", packet)
	}
	p.engine = open.SID
}

// poller carries a peer over HTTP requests.
type poller struct {
	p      *peer
	url    string
	ctx    context.Context
	cancel context.CancelFunc
	pause  chan struct{} // closed to end polling for an upgrade
	paused chan struct{} // closed when it has ended
}

// startPolling connects over polling.
func (p *peer) startPolling(more string) error {
	ctx, cancel := context.WithCancel(context.Background())
	c := &poller{
		p: p, url: p.srv.url("polling", more), ctx: ctx, cancel: cancel,
		pause: make(chan struct{}), paused: make(chan struct{}),
	}
	open, err := c.request(http.MethodGet, "")
	if err != nil {
		cancel()
		return err
	}
	p.opened(open)
	c.url += "&sid=" + p.engine
	p.carrier = c
	go c.poll()
	return nil
}

func (c *poller) request(method, body string) (string, error) {
	req, err := http.NewRequestWithContext(c.ctx, method, c.url, strings.NewReader(body))
	if err != nil {
		return "", err
	}
	res, err := c.p.srv.http.Client().Do(req)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", res.Status, text)
	}
	return string(text), err
}

func (c *poller) write(packets []string) error {
	answer, err := c.request(http.MethodPost, strings.Join(packets, "\x1e"))
	if err == nil && answer != "ok" {
		err = fmt.Errorf("answer to POST: %s", answer)
	}
	return err
}

func (c *poller) close() { c.cancel() }

func (c *poller) poll() {
	for {
		payload, err := c.request(http.MethodGet, "")
		if err != nil {
			c.p.gone(err)
			return
		}
		for packet := range strings.SplitSeq(payload, "\x1e") {
			c.p.took(packet)
			if packet == "1" {
				c.p.gone(io.EOF)
				return
			}
		}
		select {
		case <-c.pause:
			close(c.paused)
			return
		default:
		}
	}
}

// rest makes a polling peer stop after its pending request, which s answers.
func (p *peer) rest(s *sio.Socket) *poller {
	p.t.Helper()
	c := p.carrier.(*poller)
	close(c.pause)
	_ = s.Emit("rest")
	await(p.t, c.paused)
	p.expect(`42["rest"]`)
	return c
}

// upgrade moves the peer from polling to WebSocket, as the official client
// does: nothing is sent between the probe's answer and the upgrade packet.
func (p *peer) upgrade() {
	p.t.Helper()
	w, err := dialWebSocket(p.srv.url("websocket", "&sid="+p.engine))
	if err != nil {
		p.fail("upgrade: %v", err)
	}
	if err := w.write([]string{"2probe"}); err != nil {
		p.fail("upgrade: %v", err)
	}
	if packet, err := w.read(); packet != "3probe" {
		p.fail("answer to the probe: %q, %v", packet, err)
	}
	p.sending.Lock()
	defer p.sending.Unlock()
	c := p.carrier.(*poller)
	close(c.pause)
	await(p.t, c.paused)
	if err := w.write([]string{"5"}); err != nil {
		p.fail("upgrade: %v", err)
	}
	c.cancel()
	p.carrier = w
	go p.readFrom(w)
}
