package e2e_test

import (
	"testing"

	"github.com/gosio/sio/e2e/peer"
	"github.com/gosio/sio/e2e/tools"
	"github.com/gosio/sio/parsers/msgpack"
)

// TestOfficialMsgpack runs the behaviours in js/suite, and some more, with the
// official client and its MessagePack parser.
func TestOfficialMsgpack(t *testing.T) {
	node := tools.NeedNode(t, "js")
	for _, mode := range modes {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			cfg := suiteConfig()
			cfg.Codec = msgpack.Codec()
			host := peer.Start(t, cfg, nil)
			runScript(t, node, "msgpack.mjs", mode, "ours", host.URL, host.Restart)
		})
	}
}
