package dialer_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gosio/sio/engine/dialer"
)

// A network that is gone without a word takes connections with it that are kept for later
// requests. They must not be what the next session, over another network, begins with.
func TestKeptConnectionsAreDead(t *testing.T) {
	again := func(t *testing.T, f *fixture) error {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := f.attempt(ctx)
		return err
	}
	kept := func(f *fixture) { // that of the polls, and that of the POSTs
		c, s := f.dial(over(dialer.Polling))
		c.send(f.t, text("x"))
		s.expect(f.t, text("x"))
		c.Close()
		get(f.t, "Done", c.Done())
	}
	elsewhere := func(f *fixture) {
		synctest.Wait()
		f.link.Cut()
		f.link = f.server.NewLink()
	}
	t.Run("after a session", func(t *testing.T) {
		bubble(t, nil, func(t *testing.T, f *fixture) {
			c, _ := f.dial()
			f.upgraded(c)
			elsewhere(f)
			c.ends(t, dialer.PingTimeout)
			if err := again(t, f); err != nil {
				t.Error(err)
			}
		})
	})
	t.Run("after an attempt", func(t *testing.T) {
		bubble(t, nil, func(t *testing.T, f *fixture) {
			kept(f)
			elsewhere(f)
			if again(t, f) == nil {
				t.Fatal("there was no connection to use again")
			}
			if err := again(t, f); err != nil {
				t.Error(err)
			}
		})
	})
}
