package sio_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/gosio/sio"
)

func TestStats(t *testing.T) {
	f := serve(t, nil)
	f.Of("/chat")
	if st := f.Stats(); st != (sio.Stats{}) {
		t.Errorf("%+v of nobody", st)
	}
	entered, block := make(chan struct{}), make(chan struct{})
	sio.On(f, "work", func(context.Context, *sio.Socket, string) error {
		entered <- struct{}{}
		<-block
		return nil
	})
	busy, idle := f.join("websocket"), f.join("polling")
	idle.send("40/chat,")
	idle.granted("/chat")
	const size = 1000
	event := `42["work","` + strings.Repeat("x", size) + `"]`
	busy.send(event)
	await(t, entered)
	busy.send(event, event)
	eventually(t, "a backlog", func() bool { return f.Stats().Backlog > 2*size })
	st := f.Stats()
	if st.Connections != 2 || st.Sockets != 3 || st.LongestBacklog != st.Backlog || st.Backlog > 4*size {
		t.Errorf("%+v", st)
	}

	var absent *sio.Socket
	for s := range f.To(idle.id).Sockets() {
		absent = s
	}
	p := idle.rest(absent)
	_ = absent.Emit("first", strings.Repeat("x", size))
	_ = absent.Emit("second", strings.Repeat("x", size))
	if st := f.Stats(); st.Queued < 2*size || st.LongestQueue != st.Queued || st.Queued > 3*size {
		t.Errorf("%+v", st)
	}
	if _, err := p.request(http.MethodGet, ""); err != nil {
		t.Error(err)
	}
	idle.gone(nil) // it polls no more
	if st := f.Stats(); st.Queued != 0 {
		t.Errorf("%+v", st)
	}
	close(block)
	await(t, entered)
	await(t, entered)
	eventually(t, "no backlog", func() bool { return f.Stats().Backlog == 0 })
}
