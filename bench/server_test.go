package main

import (
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/gosio/sio/bench/load"
	"github.com/gosio/sio/bench/process"
	"github.com/gosio/sio/bench/result"
)

// stderr returns what is written to standard error while f runs, until it
// contains what ends it.
func stderr(t *testing.T, end string, f func()) string {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	ours := os.Stderr
	os.Stderr = w
	defer func() { os.Stderr = ours }()
	f()
	var all []byte
	if err := r.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	for buf := make([]byte, 4096); !strings.Contains(string(all), end); {
		n, err := r.Read(buf)
		if err != nil {
			t.Errorf("%v after %q", err, all)
			break
		}
		all = append(all, buf[:n]...)
	}
	_ = w.Close()
	rest, _ := io.ReadAll(r)
	return string(append(all, rest...))
}

func TestTalkativeServer(t *testing.T) {
	const lines = 20_000
	if err := process.Add("talkative", "sh -c 'i=0; while [ $i -lt 20000 ]; do echo $i >&2; i=$((i+1)); done; echo listening 127.0.0.1:1; cat'"); err != nil {
		t.Fatal(err)
	}
	said := stderr(t, "says more", func() {
		if err := with(t.Context(), result.Server{Name: "talkative"}, func(load.Target) error { return nil }); err != nil {
			t.Error(err)
		}
	})
	if !strings.HasPrefix(said, "0\n1\n2\n") || len(said) > 4<<10 {
		t.Errorf("%d bytes of %d lines: %.80q", len(said), lines, said)
	}
}

func TestServerEndsBadly(t *testing.T) {
	if err := process.Add("crashing", "sh -c 'echo listening 127.0.0.1:1; read x; echo why >&2; exit 3'"); err != nil {
		t.Fatal(err)
	}
	var err error
	said := stderr(t, "why", func() {
		err = with(t.Context(), result.Server{Name: "crashing"}, func(load.Target) error { return io.EOF })
	})
	if err == nil || !strings.Contains(err.Error(), "EOF") || !strings.Contains(err.Error(), "exit status 3") {
		t.Error(err)
	}
	if said != "why\n" {
		t.Errorf("said %q", said)
	}
}
