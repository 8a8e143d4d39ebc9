package traffic_test

import (
	"strings"
	"syscall/js"
	"testing"

	"github.com/gosio/sio/engine/dialer"
)

// A browser that loses its network says so, which ends sessions at once, unless their server
// is "localhost": those need no network.
func TestOffline(t *testing.T) {
	inEachMode(t, func(t *testing.T, mode string) {
		away := dial(t, mode, "/engine.io/", nil)
		here := dial(t, mode, strings.Replace(*elsewhere, "127.0.0.1", "localhost", 1)+"/engine.io/", nil)
		js.Global().Call("dispatchEvent", js.Global().Get("Event").New("offline"))
		if end := get(t, "end of the session", away.ended); end.reason != dialer.TransportClose || end.err == nil {
			t.Errorf("the session ended by %q: %v", end.reason, end.err)
		}
		here.say(t, "are you there?")
		if m := get(t, "echo", here.messages); m.data != "are you there?" {
			t.Errorf("%+v", m)
		}
	})
}
