// Package behaviours is a table of what the Go client does against any server of
// Socket.IO with the handlers of package peer: ours, or one of js/reference.mjs. It
// builds for browsers as well.
package behaviours

import (
	"runtime"
	"slices"

	"github.com/gosio/sio/client"
)

// World is where behaviours are shown: a server, and a way to it.
type World struct {
	URL    string        // of the server, without a path
	Mode   string        // "polling", "websocket" or "upgrade"
	Config client.Config `json:"-"` // Codec and Version2 as the server wants them; the rest is of no meaning
	Ours   bool          // the server is ours
	Server int           // which Socket.IO the server is of: 2, 3 or 4
	Packed bool          // packets are MessagePack
	// Recovery says that the server recovers sessions.
	Recovery bool
	// Restart ends the server at once, and starts it again; nil if that cannot be.
	Restart func() error `json:"-"`
}

// Behaviour is something that the client does.
type Behaviour struct {
	Name  string
	Needs []Need // all of them
	Run   func(t *T)
}

// Need is what a behaviour needs of its World.
type Need func(w *World) bool

// All returns those that can be shown in a World. Those of recovery have their own, as all
// events have one more argument there.
func All(w *World) []Behaviour {
	themes := [][]Behaviour{
		connecting, events, acks, binary, namespaces, rooms, order, disconnecting, reconnecting,
		retrying, states, transports, packed, old, native,
	}
	if w.Recovery {
		themes = [][]Behaviour{recovering}
	}
	var all []Behaviour
	for _, theme := range themes {
		for _, b := range theme {
			if !slices.ContainsFunc(b.Needs, func(need Need) bool { return !need(w) }) {
				all = append(all, b)
			}
		}
	}
	return all
}

// since is the need of a server of that Socket.IO, or a later one.
func since(version int) Need { return func(w *World) bool { return w.Server >= version } }

// modern is the need of a connection that has the protocol of Socket.IO 3 and 4.
func modern(w *World) bool { return !w.Config.Version2 }

// begins is the need of connections that begin with that transport.
func begins(transport string) Need {
	return func(w *World) bool { return (w.Mode == "websocket") == (transport == client.WebSocket) }
}

func serverOf2(w *World) bool   { return w.Server == 2 }
func oldProtocol(w *World) bool { return w.Config.Version2 }
func restarts(w *World) bool    { return w.Restart != nil }
func asJSON(w *World) bool      { return !w.Packed }
func asMsgpack(w *World) bool   { return w.Packed }
func upgrades(w *World) bool    { return w.Mode == "upgrade" }
func stays(w *World) bool       { return w.Mode != "upgrade" }
func ours(w *World) bool        { return w.Ours }

// outsideBrowser is the need of headers, cookies and as many connections as one wants,
// which are the browser's own business.
func outsideBrowser(*World) bool { return runtime.GOOS != "js" }
