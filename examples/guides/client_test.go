package guides_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/gosio/sio"
	"github.com/gosio/sio/client"
)

func listen(ctx context.Context) error {
	s, err := client.Dial(ctx, "https://chat.example.org", &client.Config{
		Setup: func(s *client.Socket) { // before it connects: events may come at once
			client.On(s, "chat", func(_ context.Context, text string) error {
				fmt.Println(text)
				return nil
			})
		},
	})
	if err != nil {
		return err
	}
	defer s.Close()
	return s.Emit("chat", "hello, everybody")
}

func order(ctx context.Context, s *client.Socket) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	total, err := client.Call[int](ctx, s, "order", 14)
	var refused *client.Error
	switch {
	case errors.As(err, &refused):
		return 0, fmt.Errorf("the server says no: %s", refused.Message)
	case errors.Is(err, client.ErrTimeout), errors.Is(err, client.ErrDisconnected):
		return 0, fmt.Errorf("it may have been ordered, or not: %w", err)
	}
	return total, err
}

func reliable() *client.Config {
	return &client.Config{Retries: -1, AckTimeout: 5 * time.Second}
}

func authenticated(token func(context.Context) (string, error)) *client.Config {
	return &client.Config{
		Auth: func(ctx context.Context) (any, error) { // each time that a namespace is joined
			t, err := token(ctx)
			return map[string]string{"token": t}, err
		},
		RefreshHeader: func(ctx context.Context, h http.Header) error { // each time that a connection is made
			t, err := token(ctx)
			h.Set("Authorization", "Bearer "+t)
			return err
		},
	}
}

func behind(proxy *url.URL, roots *x509.CertPool, jar http.CookieJar) *client.Config {
	return &client.Config{HTTPClient: &http.Client{
		Jar: jar, // as sticky sessions want it
		Transport: &http.Transport{
			Proxy:           http.ProxyURL(proxy),
			TLSClientConfig: &tls.Config{RootCAs: roots},
		},
	}}
}

func shop(ctx context.Context) error {
	s, err := client.Dial(ctx, "http://localhost:3000", nil)
	if err != nil {
		return err
	}
	defer s.Close()
	receipt, err := client.Call[Receipt](ctx, s, "order", Order{Amount: 14}) // waits for the answer
	fmt.Println(receipt.Total, err)
	return s.Emit("chat", "hello, everybody")
}

// The code of the page is used as it says.
func TestClientGuide(t *testing.T) {
	io := sio.NewServer(nil)
	sio.Handle(io, "order", func(_ context.Context, _ *sio.Socket, n int) (int, error) {
		if n > 100 {
			return 0, &sio.Error{Message: "too many"}
		}
		return 3 * n, nil
	})
	server := httptest.NewServer(io)
	defer server.Close()
	defer func() { _ = io.Close() }()
	token := func(context.Context) (string, error) { return "x", nil }
	for _, cfg := range []*client.Config{nil, reliable(), authenticated(token), behind(nil, nil, nil)} {
		s, err := client.Dial(t.Context(), server.URL, cfg)
		if err != nil {
			t.Fatal(err)
		}
		if total, err := order(t.Context(), s); err != nil || total != 42 {
			t.Error(total, err)
		}
		s.Close()
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, run := range []func(context.Context) error{listen, shop} {
		if err := run(ctx); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	}
}
