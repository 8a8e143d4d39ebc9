package e2e_test

import (
	"testing"

	"github.com/gosio/sio/e2e/peer"
	"github.com/gosio/sio/e2e/tools"
)

// TestOurClient runs the behaviours in js/suite with our JavaScript client in
// Node, against our server and against the official one.
func TestOurClient(t *testing.T) {
	node := tools.NeedNode(t, "js")
	for _, mode := range modes {
		t.Run("ours "+mode, func(t *testing.T) {
			t.Parallel()
			host := peer.Start(t, suiteConfig(), nil)
			runSuite(t, node, "ours", mode, "ours", host.URL, host.Restart)
		})
		t.Run("reference "+mode, func(t *testing.T) {
			t.Parallel()
			url, restart := startReference(t, node, "ours")
			runSuite(t, node, "ours", mode, "reference", url, restart)
		})
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
