package e2e_test

import (
	"testing"

	"github.com/gosio/sio/e2e/peer"
	"github.com/gosio/sio/e2e/tools"
	"github.com/gosio/sio/parsers/msgpack"
	"github.com/gosio/sio/wire"
)

// TestOurClient runs the behaviours in js/suite with our JavaScript client in
// Node, against our server and against the official one.
func TestOurClient(t *testing.T) {
	node := tools.NeedNode(t, "js")
	for client, codec := range map[string]wire.Codec{"ours": nil, "ours-msgpack": msgpack.Codec()} {
		for _, mode := range modes {
			t.Run(client+" "+mode, func(t *testing.T) {
				t.Parallel()
				cfg := suiteConfig()
				cfg.Codec = codec
				host := peer.Start(t, cfg, nil)
				runSuite(t, node, client, mode, "ours", host.URL, host.Restart)
			})
			t.Run(client+" reference "+mode, func(t *testing.T) {
				t.Parallel()
				url, restart := startReference(t, referenceFor(client))
				runSuite(t, node, client, mode, "reference", url, restart)
			})
		}
	}
}

// TestScripts runs the behaviours in js/suite/scripted, against servers that
// say what they are told to, with our JavaScript client and the official one:
// what they ask of ours is what Socket.IO does.
func TestScripts(t *testing.T) {
	node := tools.NeedNode(t, "js")
	for _, client := range []string{"ours", "4"} {
		for _, mode := range modes {
			t.Run(client+" "+mode, func(t *testing.T) {
				t.Parallel()
				runSuite(t, node, client, mode, "script", "", nil)
			})
		}
	}
}
