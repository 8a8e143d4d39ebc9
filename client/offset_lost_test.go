package client_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/gosio/sio/client"
)

// script is a server that polls are answered by a test for.
type script struct {
	posts, answers chan string
}

func (s *script) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.Method == http.MethodPost:
		body, _ := io.ReadAll(r.Body)
		s.posts <- string(body)
		_, _ = io.WriteString(w, "ok")
	case r.URL.Query().Get("sid") == "":
		_, _ = io.WriteString(w, `0{"sid":"S","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}`)
	default:
		select {
		case answer := <-s.answers:
			_, _ = io.WriteString(w, answer)
		case <-r.Context().Done():
		}
	}
}

// The client tells the server of an offset only if the Socket has got the event, which is so with
// what came just before the end of a connection, but not with what came before the Socket was let in.
func TestOffsetsOfLostConnections(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, nil)
		srv := &script{posts: make(chan string, 100), answers: make(chan string, 100)}
		f.serve(srv)
		s := f.new(&client.Config{Transports: []string{client.Polling}, HTTPClient: f.http})
		heard := f.hooks(s)
		client.On(s, "n", func(_ context.Context, n int) error {
			heard <- fmt.Sprint(n)
			return nil
		})
		joins := func(offset string) {
			t.Helper()
			var auth struct{ PID, Offset string }
			body := <-srv.posts
			if err := json.Unmarshal([]byte(strings.TrimPrefix(body, "40")), &auth); err != nil || auth.PID != "p" || auth.Offset != offset {
				t.Errorf("%s, %v, instead of the offset %s", body, err, offset)
			}
		}

		s.Connect()
		if body := <-srv.posts; body != "40" {
			t.Error(body)
		}
		srv.answers <- `40{"sid":"a","pid":"p"}` + "\x1e" + `42["n",0,"o0"]` + "\x1e" + `42["n",1,"o1"]` + "\x1e1"
		heard.expect(f, "connect", "0", "1", "disconnect: transport close")
		joins("o1")
		srv.answers <- `42["n",2,"o2"]` + "\x1e1"
		joins("o1")
		heard.nothing(f)
		srv.answers <- `42["n",2,"o2"]` + "\x1e" + `40{"sid":"a","pid":"p"}` + "\x1e" + `42["n",3,"o3"]` + "\x1e1"
		heard.expect(f, "2", "connect", "3", "disconnect: transport close")
		joins("o3")
	})
}
