package e2e_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// report is what the JavaScript says about one behaviour, or, with Done, at
// its end: how many it has run.
type report struct {
	Name  string `json:"name"`
	Error string `json:"error"`
	Done  int    `json:"done"`
}

// control is the side of the test that the JavaScript talks to, in Node and in
// the browser alike.
type control struct {
	URL     string
	reports chan report
}

func startControl(t *testing.T, restart func() error) *control {
	t.Helper()
	c := &control{reports: make(chan report, 16)}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /report", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		var line report
		if err := json.NewDecoder(io.LimitReader(r.Body, 1<<20)).Decode(&line); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		select {
		case c.reports <- line:
		case <-r.Context().Done():
		}
	})
	mux.HandleFunc("POST /restart", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		if err := restart(); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
		}
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	c.URL = server.URL
	return c
}

// subtests makes a subtest of each report, until the last. ended says that the
// JavaScript has ended, with what went wrong.
func (c *control) subtests(t *testing.T, ended <-chan error) {
	t.Helper()
	count := 0
	timeout := time.NewTimer(4 * time.Minute)
	defer timeout.Stop()
	for {
		var line report
		select {
		case line = <-c.reports:
		case err := <-ended:
			t.Fatalf("the JavaScript ended after %d behaviours: %v", count, err)
		case <-timeout.C:
			t.Fatalf("the JavaScript hangs after %d behaviours", count)
		}
		if line.Name == "" {
			if count == 0 || line.Done != count {
				t.Fatalf("%d behaviours were reported, %d run", count, line.Done)
			}
			return
		}
		count++
		t.Run(line.Name, func(t *testing.T) {
			if line.Error != "" {
				t.Error(line.Error)
			}
		})
	}
}
