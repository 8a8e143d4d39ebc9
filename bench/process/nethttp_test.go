package process_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/gobwas/ws"
)

// session is a client over polling.
type session struct {
	t   *testing.T
	url string
	sid string
}

func (s *session) do(method, body string) (status int, answer string) {
	url := s.url
	if s.sid != "" {
		url += "&sid=" + s.sid
	}
	req, err := http.NewRequestWithContext(s.t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		s.t.Error(err)
		return 0, ""
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Error(err)
		return 0, ""
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Error(err)
	}
	return resp.StatusCode, string(data)
}

func (s *session) get(want string) {
	s.t.Helper()
	if status, got := s.do(http.MethodGet, ""); status != http.StatusOK || got != want {
		s.t.Errorf("GET: %d %q instead of %q", status, got, want)
	}
}

func (s *session) post(body string) {
	s.t.Helper()
	if status, got := s.do(http.MethodPost, body); status != http.StatusOK || got != "ok" {
		s.t.Errorf("POST %q: %d %q", body, status, got)
	}
}

func (s *session) gone() {
	s.t.Helper()
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		if status, got := s.do(method, ""); status != http.StatusBadRequest {
			s.t.Errorf("%s after the end: %d %q", method, status, got)
		}
	}
}

func openSession(t *testing.T, addr string) *session {
	t.Helper()
	s := &session{t: t, url: "http://" + addr + "/socket.io/?EIO=4&transport=polling"}
	_, body := s.do(http.MethodGet, "")
	var open struct {
		SID        string   `json:"sid"`
		Upgrades   []string `json:"upgrades"`
		MaxPayload int      `json:"maxPayload"`
	}
	packet, ok := strings.CutPrefix(body, "0")
	if err := json.Unmarshal([]byte(packet), &open); err != nil || !ok {
		t.Fatalf("%q instead of an open packet", body)
	}
	if len(open.SID) != 20 || len(open.Upgrades) != 1 || open.MaxPayload != 1_000_000 {
		t.Fatalf("open packet: %s", body)
	}
	s.sid = open.SID
	return s
}

func TestNetHTTP(t *testing.T) {
	p := run(t, "nethttp")
	defer func() {
		if err := p.Stop(); err != nil {
			t.Error(err)
		}
	}()

	t.Run("polling", func(t *testing.T) {
		s := openSession(t, p.Addr())
		s.post("40")
		s.get("40")
		s.post(`42["echo","x"]`)
		s.post(`42["echo","y"]`)
		s.get("42[\"echo\",\"x\"]\x1e42[\"echo\",\"y\"]")
		polled := inBackground(s, "late")
		s.post("late")
		<-polled
		s.post("1")
		s.gone()
	})

	t.Run("large", func(t *testing.T) {
		s := openSession(t, p.Addr())
		most := strings.Repeat("x", 1_000_000)
		s.post(most)
		s.get(most)
		if status, _ := s.do(http.MethodPost, most+"x"); status != http.StatusRequestEntityTooLarge {
			t.Errorf("a body that is too large: %d", status)
		}
	})

	t.Run("upgrade", func(t *testing.T) {
		s := openSession(t, p.Addr())
		polled := inBackground(s, "6")
		c := dial(t, p.Addr(), "&sid="+s.sid)
		c.write("2probe")
		c.expect("3probe")
		<-polled
		c.write("5", `42["echo","x"]`)
		c.expect(`42["echo","x"]`)
		if err := ws.WriteFrame(c.conn, ws.MaskFrame(ws.NewPingFrame([]byte("p")))); err != nil {
			t.Fatal(err)
		}
		if got := c.readOp(ws.OpPong); string(got) != "p" {
			t.Errorf("pong %q", got)
		}
		if err := ws.WriteFrame(c.conn, ws.MaskFrame(ws.NewCloseFrame(nil))); err != nil {
			t.Fatal(err)
		}
		c.readOp(ws.OpClose)
		if _, err := ws.ReadHeader(c.in); err == nil {
			t.Error("not closed")
		}
		s.gone()
	})
}

// inBackground polls, and closes the channel when that is answered. Whether
// the poll waits or what it gets is there before it, the answer is the same.
func inBackground(s *session, want string) <-chan struct{} {
	polled := make(chan struct{})
	go func() {
		defer close(polled)
		s.get(want)
	}()
	return polled
}
