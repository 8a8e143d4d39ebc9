package e2e_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"
)

// patience is how long a test waits for what must come.
const patience = time.Minute

// packet is one Engine.IO packet: a text, or the bytes of a binary message.
type packet struct {
	text   string
	binary []byte
}

var errClosed = errors.New("the session is closed")

// raw is a connection without a client library: it sends and reads packets.
type raw interface {
	send(t *testing.T, packets ...packet)
	// read returns the next packet, pings left out, which it answers; or
	// errClosed.
	read(t *testing.T) (packet, error)
}

func texts(list ...string) []packet {
	packets := make([]packet, len(list))
	for i, s := range list {
		packets[i].text = s
	}
	return packets
}

// expect reads texts and compares them. In what is wanted, an ID stands for
// anything that can be an id.
func expect(t *testing.T, r raw, want ...string) {
	t.Helper()
	for _, w := range want {
		got, err := r.read(t)
		if err != nil {
			t.Fatalf("%v, want %s", err, w)
		}
		if got.binary != nil || !matches(got.text, w) {
			t.Fatalf("got %s%x, want %s", got.text, got.binary, w)
		}
	}
}

const anyID = "ID"

// matches compares got to want, whose ID stands for 20 characters.
func matches(got, want string) bool {
	before, after, found := strings.Cut(want, anyID)
	if !found {
		return got == want
	}
	return len(got) == len(before)+20+len(after) && strings.HasPrefix(got, before) && strings.HasSuffix(got, after)
}

// expectClosed reads until the session is closed.
func expectClosed(t *testing.T, r raw) {
	t.Helper()
	for {
		if _, err := r.read(t); err != nil {
			return
		}
	}
}

/* WebSocket */

type rawWebSocket struct {
	conn net.Conn
	rw   io.ReadWriter
}

func dialWebSocket(t *testing.T, url, query string) *rawWebSocket {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	conn, buffered, _, err := ws.Dial(ctx, "ws"+strings.TrimPrefix(url, "http")+"/socket.io/?EIO=4&transport=websocket"+query)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(patience))
	r := &rawWebSocket{conn: conn, rw: conn}
	if buffered != nil { // what came together with the response
		r.rw = struct {
			io.Reader
			io.Writer
		}{buffered, conn}
	}
	return r
}

func openWebSocket(t *testing.T, url string) raw {
	t.Helper()
	r := dialWebSocket(t, url, "")
	if p, err := r.read(t); err != nil || !strings.HasPrefix(p.text, `0{"sid":`) {
		t.Fatalf("handshake: %v, %v", p, err)
	}
	return r
}

func (r *rawWebSocket) send(t *testing.T, packets ...packet) {
	t.Helper()
	for _, p := range packets {
		op, data := ws.OpText, []byte(p.text)
		if p.binary != nil {
			op, data = ws.OpBinary, p.binary
		}
		if err := wsutil.WriteClientMessage(r.conn, op, data); err != nil {
			t.Fatal(err)
		}
	}
}

func (r *rawWebSocket) read(t *testing.T) (packet, error) {
	t.Helper()
	for {
		data, op, err := wsutil.ReadServerData(r.rw)
		switch {
		case errors.Is(err, context.DeadlineExceeded), isTimeout(err):
			t.Fatalf("nothing came for %v", patience)
		case err != nil:
			return packet{}, errors.Join(errClosed, err)
		case op == ws.OpBinary:
			return packet{binary: data}, nil
		case string(data) == "2":
			r.send(t, packet{text: "3"})
		default:
			return packet{text: string(data)}, nil
		}
	}
}

func isTimeout(err error) bool {
	var e net.Error
	return errors.As(err, &e) && e.Timeout()
}

/* Polling */

type rawPolling struct {
	url   string // with the session id
	queue []packet
}

func openPolling(t *testing.T, url string) raw {
	t.Helper()
	r := &rawPolling{url: url + "/socket.io/?EIO=4&transport=polling"}
	status, body := request(t, http.MethodGet, r.url, "", "")
	var handshake struct {
		SID string `json:"sid"`
	}
	if status != http.StatusOK || json.Unmarshal([]byte(strings.TrimPrefix(body, "0")), &handshake) != nil || handshake.SID == "" {
		t.Fatalf("handshake: %d %s", status, body)
	}
	r.url += "&sid=" + handshake.SID
	return r
}

func (r *rawPolling) send(t *testing.T, packets ...packet) {
	t.Helper()
	if status, body := r.post(t, packets...); status != http.StatusOK || body != "ok" {
		t.Fatalf("POST: %d %s", status, body)
	}
}

func (r *rawPolling) post(t *testing.T, packets ...packet) (status int, body string) {
	t.Helper()
	items := make([]string, len(packets))
	for i, p := range packets {
		items[i] = p.text
		if p.binary != nil {
			items[i] = "b" + base64.StdEncoding.EncodeToString(p.binary)
		}
	}
	return request(t, http.MethodPost, r.url, "text/plain;charset=UTF-8", strings.Join(items, "\x1e"))
}

func (r *rawPolling) read(t *testing.T) (packet, error) {
	t.Helper()
	for {
		if len(r.queue) == 0 {
			if err := r.poll(t); err != nil {
				return packet{}, err
			}
		}
		p := r.queue[0]
		r.queue = r.queue[1:]
		switch p.text {
		case "1":
			return packet{}, errClosed
		case "2":
			r.send(t, packet{text: "3"})
		case "6":
		default:
			return p, nil
		}
	}
}

func (r *rawPolling) poll(t *testing.T) error {
	t.Helper()
	status, body := request(t, http.MethodGet, r.url, "", "")
	if status != http.StatusOK {
		return errClosed
	}
	for item := range strings.SplitSeq(body, "\x1e") {
		p := packet{text: item}
		if encoded, ok := strings.CutPrefix(item, "b"); ok {
			data, err := base64.StdEncoding.DecodeString(encoded)
			if err != nil {
				t.Fatalf("%q: %v", item, err)
			}
			p = packet{binary: data}
		}
		r.queue = append(r.queue, p)
	}
	return nil
}

// request returns the status and the body of an HTTP response.
func request(t *testing.T, method, url, contentType, body string) (int, string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, url, bytes.NewReader([]byte(body)))
	if err != nil {
		t.Fatal(err)
	}
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatalf("%s %s: %v", method, url, err)
	}
	defer func() { _ = res.Body.Close() }()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(data)
}

// readFrame returns the next text frame, pings too, or "" when the
// connection is closed.
func (r *rawWebSocket) readFrame(t *testing.T) string {
	t.Helper()
	data, _, err := wsutil.ReadServerData(r.rw)
	if isTimeout(err) {
		t.Fatalf("nothing came for %v", patience)
	}
	if err != nil {
		return ""
	}
	return string(data)
}
