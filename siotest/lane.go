package siotest

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"maps"
	"net"
	"net/http"
	"strings"
)

// lane makes requests one after the other, over one connection as long as that
// lasts. It is simpler than an http.Transport, and so does nothing by itself:
// that would try again, and hide what is done to a link.
type lane struct {
	link *Link
	o    *Options
	conn net.Conn // nil if there is none
	r    *bufio.Reader
}

// request makes a request. The error is a *Refusal if the answer has another
// status than it must have. Nobody may use the lane after another error.
func (l *lane) request(ctx context.Context, method, url, body string, header http.Header, status int) ([]byte, error) {
	if l.conn == nil {
		conn, err := l.link.DialContext(ctx, "tcp", host)
		if err != nil {
			return nil, err
		}
		l.conn, l.r = conn, bufio.NewReader(conn)
	}
	conn := l.conn
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	text, err := l.roundTrip(method, url, body, header, status)
	if !stop() {
		err = ctx.Err() // which is why it failed
	}
	return text, err
}

func (l *lane) roundTrip(method, url, body string, header http.Header, status int) ([]byte, error) {
	req, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	for _, more := range []http.Header{l.o.Header, header} {
		maps.Copy(req.Header, more)
	}
	if err := req.Write(l.conn); err != nil {
		return nil, err
	}
	res, err := http.ReadResponse(l.r, req)
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(res.Body) // nothing if the protocol is switched
	if err != nil {
		return nil, err
	}
	if res.Close {
		_ = l.conn.Close()
		l.conn = nil
	}
	if res.StatusCode != status {
		return nil, refusal(res.StatusCode, text)
	}
	return text, nil
}

// refusal reads the body of an answer, which is JSON or, for a WebSocket, a text.
func refusal(status int, body []byte) *Refusal {
	var answer struct {
		Message string `json:"message"`
	}
	if json.Unmarshal(body, &answer) != nil {
		answer.Message = string(body)
	}
	return &Refusal{Status: status, Message: answer.Message}
}
