package e2e_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/gosio/sio"
	"github.com/gosio/sio/e2e/peer"
)

// transports are the ways in which the conversations of the protocols'
// conformance suites are held.
var transports = map[string]func(*testing.T, string) raw{"polling": openPolling, "websocket": openWebSocket}

const placeholders = `{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}`

// TestConformance holds the conversations of the Socket.IO protocol's
// conformance suite (protocol 5) over both transports.
func TestConformance(t *testing.T) {
	joined := []string{`40{"sid":"ID"}`, `42["auth",{}]`}
	tests := []struct {
		name   string
		main   bool // the main namespace is joined before; also if send begins otherwise than by joining
		send   []packet
		want   []string
		binary [][]byte // attachments that follow
		closed bool
	}{
		{name: "join", send: texts("40"), want: joined},
		{name: "join with auth", send: texts(`40{"token":"abc"}`), want: []string{`40{"sid":"ID"}`, `42["auth",{"token":"abc"}]`}},
		{name: "join a namespace", send: texts(`40/custom,`), want: []string{`40/custom,{"sid":"ID"}`, `42/custom,["auth",{}]`}},
		{name: "join a namespace without a comma", send: texts(`40/custom`), want: []string{`40/custom,{"sid":"ID"}`, `42/custom,["auth",{}]`}},
		{
			name: "join a namespace with auth", send: texts(`40/custom,{"token":"abc"}`),
			want: []string{`40/custom,{"sid":"ID"}`, `42/custom,["auth",{"token":"abc"}]`},
		},
		{name: "join an unknown namespace", send: texts("40/random"), want: []string{`44/random,{"message":"Invalid namespace"}`}},
		{
			name: "refused by a middleware", send: texts(`40/admin,{"token":"no"}`),
			want: []string{`44/admin,{"message":"Not authorized","data":{"code":42,"retry":false}}`},
		},
		{
			name: "an event", send: texts(`42["message",1,"2",{"3":[true]}]`),
			want: []string{`42["message-back",1,"2",{"3":[true]}]`},
		},
		{
			name: "an event with an ack", send: texts(`42456["message-with-ack",1,"2",{"3":[false]}]`),
			want: []string{`43456[1,"2",{"3":[false]}]`},
		},
		{
			name: "an event with attachments", want: []string{`452-["message-back",` + placeholders + `]`},
			send:   []packet{{text: `452-["message",` + placeholders + `]`}, {binary: []byte{1, 2, 3}}, {binary: []byte{4, 5, 6}}},
			binary: [][]byte{{1, 2, 3}, {4, 5, 6}},
		},
		{
			name: "an event with attachments and an ack", want: []string{`462-789[` + placeholders + `]`},
			send:   []packet{{text: `452-789["message-with-ack",` + placeholders + `]`}, {binary: []byte{1, 2, 3}}, {binary: []byte{4, 5, 6}}},
			binary: [][]byte{{1, 2, 3}, {4, 5, 6}},
		},
		{
			name: "leave one namespace, stay in the other", main: true,
			send: texts("40/custom,", "41/custom,", `42["message","still here"]`),
			want: []string{`40/custom,{"sid":"ID"}`, `42/custom,["auth",{}]`, `42["message-back","still here"]`},
		},
		{name: "join again", send: texts("41", "40"), want: joined},
		{name: "an ack that nobody waits for", send: texts(`4399["x"]`, `42["message"]`), want: []string{`42["message-back"]`}},

		{name: "no type", send: texts("4abc"), closed: true},
		{name: "unknown type", send: texts("47"), closed: true},
		{name: "join twice", main: true, send: texts("40"), closed: true},
		{name: "an event for a namespace that was not joined", send: texts(`42/custom,["message"]`), closed: true},
		{name: "a refusal from the client", send: texts(`44{"message":"x"}`), closed: true},
		{name: "payload of the wrong kind", send: texts(`42{}`), closed: true},
		{name: "junk before the payload", send: texts(`42abc["message-with-ack",1,"2",{"3":[false]}]`), closed: true},
		{name: "broken JSON", send: texts(`42["message"`), closed: true},
		{name: "reserved event", send: texts(`42["disconnect"]`), closed: true},
		{name: "event without a name", send: texts(`42[]`), closed: true},
		{name: "name that is none", send: texts(`42[true]`), closed: true},
		{name: "count of attachments missing", send: texts(`45["message"]`), closed: true},
		{name: "too many attachments", send: texts(`4511-["message"]`), closed: true},
		{name: "text in place of an attachment", send: texts(`451-["message",{"_placeholder":true,"num":0}]`, `42["message"]`), closed: true},
		{name: "an attachment that nobody awaits", send: []packet{{binary: []byte{1}}}, closed: true},
		{
			name: "a placeholder out of range", closed: true,
			send: []packet{{text: `451-["message",{"_placeholder":true,"num":1}]`}, {binary: []byte{1}}},
		},
	}
	host := peer.Start(t, &sio.Config{OnError: func(error) {}}, nil)
	for name, open := range transports {
		t.Run(name, func(t *testing.T) {
			for _, tt := range tests {
				t.Run(tt.name, func(t *testing.T) {
					t.Parallel()
					r := open(t, host.URL)
					if tt.main || !joins(tt.send[0]) {
						r.send(t, texts("40")...)
						expect(t, r, joined...)
					}
					want := tt.want
					if joins(tt.send[0]) && len(tt.send) > 1 { // clients must wait for the answer
						r.send(t, tt.send[0])
						expect(t, r, want[:2]...)
						tt.send, want = tt.send[1:], want[2:]
					}
					r.send(t, tt.send...)
					expect(t, r, want...)
					for _, want := range tt.binary {
						if got, err := r.read(t); err != nil || !bytes.Equal(got.binary, want) {
							t.Fatalf("got %v, %v, want the attachment %x", got, err, want)
						}
					}
					if tt.closed {
						expectClosed(t, r)
					}
				})
			}
		})
	}
}

// joins reports whether a packet joins a namespace.
func joins(p packet) bool { return strings.HasPrefix(p.text, "40") }

func TestClientThatJoinsNothing(t *testing.T) {
	t.Parallel()
	host := peer.Start(t, &sio.Config{ConnectTimeout: 50 * time.Millisecond}, nil)
	for name, open := range transports {
		t.Run(name, func(t *testing.T) {
			expectClosed(t, open(t, host.URL))
		})
	}
}

// TestHeartbeat: the server pings, also a client that has left all namespaces,
// and gives up one that does not answer.
func TestHeartbeat(t *testing.T) {
	t.Parallel()
	host := peer.Start(t, &sio.Config{PingInterval: 50 * time.Millisecond, PingTimeout: 5 * time.Second}, nil)
	impatient := peer.Start(t, &sio.Config{PingInterval: 50 * time.Millisecond, PingTimeout: 50 * time.Millisecond}, nil)

	t.Run("goes on", func(t *testing.T) {
		r := dialWebSocket(t, host.URL, "")
		expect(t, r, `0{"sid":"ID","upgrades":[],"pingInterval":50,"pingTimeout":5000,"maxPayload":1000000}`)
		r.send(t, packet{text: "40"})
		expect(t, r, `40{"sid":"ID"}`, `42["auth",{}]`)
		r.send(t, packet{text: "41"})
		for range 3 {
			for r.readFrame(t) != "2" {
			}
			r.send(t, packet{text: "3"})
		}
	})
	t.Run("no answer over WebSocket", func(t *testing.T) {
		r := dialWebSocket(t, impatient.URL, "")
		for r.readFrame(t) != "" { // pings are not answered here
		}
	})
	t.Run("no answer over polling", func(t *testing.T) {
		r := openPolling(t, impatient.URL).(*rawPolling)
		for r.poll(t) == nil {
			if r.queue[len(r.queue)-1].text == "1" {
				return
			}
		}
	})
	t.Run("a ping from the client", func(t *testing.T) {
		for name, open := range transports {
			t.Run(name, func(t *testing.T) {
				r := open(t, host.URL)
				r.send(t, packet{text: "2"})
				expectClosed(t, r)
			})
		}
	})
}
