package client_test

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gosio/sio/client"
)

func TestStates(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture, cfg *client.Config) {
		s := f.new(cfg)
		var told []client.State
		off := s.OnState(func(state client.State) { told = append(told, state) })
		var seen []client.State
		ended := make(chan struct{})
		go func() {
			for state := range s.States(t.Context()) {
				seen = append(seen, state)
			}
			close(ended)
		}()
		synctest.Wait()
		f.link.Delay(time.Millisecond) // so that no state is over before it is seen
		f.connect(s)
		synctest.Wait()
		f.drop()
		time.Sleep(time.Minute)
		s.Disconnect()
		synctest.Wait()
		off()
		s.Close()
		<-ended
		want := []client.State{client.Idle, client.Connecting, client.Connected, client.Connecting, client.Connected, client.Idle, client.Closed}
		if !slices.Equal(seen, want) {
			t.Errorf("seen %v", seen)
		}
		if !slices.Equal(told, want[1:6]) {
			t.Errorf("told %v", told)
		}
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		for state := range f.new(cfg).States(ctx) {
			if state != client.Idle {
				t.Error(state)
			}
			cancel()
		}
	})
}
