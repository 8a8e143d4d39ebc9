package e2e_test

import (
	"context"
	"encoding/json"
	"net/http"
	"os/exec"
	"strings"
	"testing"

	"github.com/gobwas/ws"

	"github.com/gosio/sio/e2e/tools"
)

// TestFrameworks runs examples/frameworks with each router, alone and behind a
// reverse proxy, and lets the official client connect over each transport.
func TestFrameworks(t *testing.T) {
	node := tools.NeedNode(t, "js")
	path := build(t, "frameworks")
	for _, router := range []string{"net/http", "chi", "gin", "echo"} {
		for _, proxy := range []string{"-proxy=false", "-proxy"} {
			t.Run(strings.ReplaceAll(router, "/", "")+proxy, func(t *testing.T) {
				t.Parallel()
				server := start(t, path, "127.0.0.1:0", "-with", router, proxy)
				server.greets(t)
				for transports, want := range map[string]string{"polling": "polling", "websocket": "websocket", "polling websocket": "websocket"} {
					parameters, err := json.Marshal(map[string]any{"url": server.URL, "transports": strings.Fields(transports)})
					if err != nil {
						t.Fatal(err)
					}
					ctx, cancel := context.WithTimeout(t.Context(), patience)
					defer cancel()
					cmd := exec.CommandContext(ctx, node, "router.mjs", string(parameters))
					cmd.Dir = "js"
					out, err := cmd.CombinedOutput()
					if err != nil || string(out) != `{"transport":"`+want+`","echoed":true}`+"\n" {
						t.Errorf("%s: %v\n%s", transports, err, out)
					}
				}
			})
		}
	}
}

// greets checks that what the router's middleware sets arrives over both transports.
func (p *program) greets(t *testing.T) {
	t.Helper()
	query := p.URL + "/api/socket.io/?EIO=4&transport="
	res, err := http.Get(query + "polling")
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode != http.StatusOK || res.Header.Get("X-Greeting") != "hello" {
		t.Errorf("polling: %s %v", res.Status, res.Header)
	}
	greeting := ""
	d := ws.Dialer{OnHeader: func(key, value []byte) error {
		if string(key) == "X-Greeting" {
			greeting = string(value)
		}
		return nil
	}}
	conn, _, _, err := d.Dial(t.Context(), strings.Replace(query, "http", "ws", 1)+"websocket")
	if err != nil {
		t.Fatal(err)
	}
	_ = conn.Close()
	if greeting != "hello" {
		t.Errorf("websocket: greeting %q", greeting)
	}
}
