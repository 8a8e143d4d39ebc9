package sio_test

import (
	"testing"
	"time"

	"github.com/gosio/sio"
)

// A client that joins nothing may stay as long as the configuration says, which can
// be for ever.
func TestConnectTimeoutInTime(t *testing.T) {
	const forEver = 3 * time.Hour
	for _, test := range []struct{ timeout, want time.Duration }{
		{0, sio.DefaultConnectTimeout}, {3 * time.Minute, 3 * time.Minute}, {-1, forEver}, {-time.Hour, forEver},
	} {
		inBubbleWith(t, &sio.Config{ConnectTimeout: test.timeout}, func(b *bubble) {
			w := b.dial()
			closed := make(chan time.Duration, 1)
			go func() {
				b.listen(0, w) // and answers pings
				closed <- time.Since(b.begun)
			}()
			select {
			case at := <-closed:
				if at < test.want || at > test.want+time.Second {
					t.Errorf("timeout %v: closed after %v", test.timeout, at)
				}
			case <-time.After(forEver):
				if test.want != forEver {
					t.Errorf("timeout %v: still there after %v", test.timeout, forEver)
				}
				b.Close()
				<-closed
			}
		})
	}
}
