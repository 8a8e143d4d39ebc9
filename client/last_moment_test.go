package client_test

import (
	"context"
	"io"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gosio/sio/client"
)

// lateBody has the end of an answer come late, whatever its request's context says.
type lateBody struct {
	io.ReadCloser
	delay time.Duration
}

func (b *lateBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err == io.EOF {
		time.Sleep(b.delay)
	}
	return n, err
}

// lateAnswers has those to handshakes come late.
type lateAnswers struct {
	http.RoundTripper
	delay time.Duration
}

func (l lateAnswers) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := l.RoundTripper.RoundTrip(r)
	if err == nil && !r.URL.Query().Has("sid") {
		resp.Body = &lateBody{resp.Body, l.delay}
	}
	return resp, err
}

// A connection that is open in the moment when the attempt is about to be given up is one: the
// Manager neither forgets it nor waits for another.
func TestOpenInTheLastMoment(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, nil)
		transport := f.http.Transport
		f.http = &http.Client{Transport: lateAnswers{transport, time.Second}}
		s := f.new(&client.Config{Transports: []string{client.Polling}, ConnectTimeout: time.Second, HTTPClient: f.http})
		t.Cleanup(transport.(*http.Transport).CloseIdleConnections)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		s.Connect()
		if err := s.WaitConnected(ctx); err != nil {
			t.Error(err)
		}
	})
}
