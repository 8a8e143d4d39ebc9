package siotest

import (
	"fmt"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/gosio/sio/wire/eio"
)

// maxShown is how many bytes of a packet the log shows.
const maxShown = 300

// packetLog has every packet of a connection, and what was done to its link.
type packetLog struct {
	start time.Time

	mu    sync.Mutex
	lines strings.Builder
}

func (l *packetLog) sent(packets ...eio.Packet) {
	for _, p := range packets {
		l.add("→", shown(p))
	}
}

func (l *packetLog) received(p eio.Packet) { l.add("←", shown(p)) }

func (l *packetLog) event(what string) { l.add("—", what) }

func (l *packetLog) add(direction, what string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	fmt.Fprintf(&l.lines, "%10.3fs  %s  %s\n", time.Since(l.start).Seconds(), direction, what)
}

func (l *packetLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.lines.String()
}

// shown returns the text form of a packet, shortened.
func shown(p eio.Packet) string {
	size := len(p.Data)
	p.Data = p.Data[:min(size, maxShown)]
	text := string(eio.AppendPacket(nil, p))
	if size > maxShown {
		for !utf8.ValidString(text) { // it was cut within a character
			text = text[:len(text)-1]
		}
		text += fmt.Sprintf("… (%d bytes)", size)
	}
	return text
}
