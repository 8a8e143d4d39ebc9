package traffic_test

import (
	"strings"
	"syscall/js"
	"testing"
)

// What a page sends to its own server, and to one of another origin.
func TestCookies(t *testing.T) {
	js.Global().Get("document").Set("cookie", "taste=sweet; path=/")
	t.Cleanup(func() { js.Global().Get("document").Set("cookie", "taste=; path=/; max-age=0") })
	for _, test := range []struct {
		name, mode, address string
		credentials, sent   bool
	}{
		{"own polling", "polling", "/engine.io/", false, true},
		{"own websocket", "websocket", "/engine.io/", false, true},
		{"other polling", "polling", *elsewhere + "/engine.io/", false, false},
		{"other polling with credentials", "polling", *elsewhere + "/engine.io/", true, true},
		{"other websocket", "websocket", *elsewhere + "/engine.io/", false, true},
		{"other upgrade with credentials", "upgrade", *elsewhere + "/engine.io/", true, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			cfg := config(t, test.mode, test.address)
			cfg.WithCredentials = test.credentials
			s := open(t, cfg, nil)
			s.say(t, "!header Cookie")
			if got := get(t, "header", s.messages).data; strings.Contains(got, "taste=sweet") != test.sent {
				t.Errorf("the server gets the cookies %q", got)
			}
		})
	}
}
