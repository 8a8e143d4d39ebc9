package load

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/gosio/sio/bench/result"
)

// enter has a client join rooms, and waits for the answer.
func (l *loop) enter(w *websocket, rooms ...string) error {
	done := false
	w.message = func(_ byte, payload []byte) {
		if bytes.HasPrefix(payload, []byte("43")) {
			l.expect(payload, []byte("430[]"))
			done = true
		}
	}
	w.text(`420["join",["` + strings.Join(rooms, `","`) + `"]]`)
	w.flush()
	return l.until(func() bool { return done })
}

// churn measures broadcasts to a room of 1,000 while 100 others leave and
// join it, each once for every broadcast.
func churn(t Target, d time.Duration) (result.Measure, error) {
	const steady, movers = 1000, 100
	return with(func(l *loop) (result.Measure, error) {
		ws, err := l.joinAll(t, steady+movers)
		if err != nil {
			return result.Measure{}, err
		}
		for _, w := range ws {
			if err := l.enter(w, "room"); err != nil {
				return result.Measure{}, err
			}
		}
		c := &caster{from: ws[0], room: "room", receivers: steady, tally: newTally()}
		busy := 1 // the caster, and each mover
		start := func() {
			busy = 1
			for _, w := range ws[steady:] {
				busy++
				w.text(`421["leave",["room"]]`)
				w.flush()
			}
			c.cast()
		}
		ended := func() {
			if busy--; busy == 0 {
				start()
			}
		}
		c.next = ended
		for _, w := range ws[:steady] {
			c.receive(w)
		}
		for _, w := range ws[steady:] {
			w.message = func(_ byte, payload []byte) {
				switch string(payload) {
				case "431[]":
					w.text(`422["join",["room"]]`)
				case "432[]":
					ended()
				default: // a broadcast reached it before it left, or after it came back
					if !bytes.HasPrefix(payload, []byte(`42["cast","00000000-`)) {
						l.strange(payload, c.want)
					}
				}
			}
		}
		start()
		return l.measure(t, c.tally, d)
	})
}

// manyRooms measures broadcasts to rooms of 10, of which there are 10,000,
// over 1,000 clients; 32 broadcasts are under way at a time.
func manyRooms(t Target, d time.Duration) (result.Measure, error) {
	const clients, rooms, members, atATime = 1000, 10_000, 10, 32
	return with(func(l *loop) (result.Measure, error) {
		ws, err := l.joinAll(t, clients)
		if err != nil {
			return result.Measure{}, err
		}
		in := make([]map[int]bool, clients)
		for i := range in {
			in[i] = map[int]bool{}
		}
		for room := range rooms {
			for j := range members {
				in[(room*37+j*101)%clients][room] = true
			}
		}
		for i, w := range ws {
			names := make([]string, 0, len(in[i]))
			for room := range in[i] {
				names = append(names, strconv.Itoa(room))
			}
			if err := l.enter(w, names...); err != nil {
				return result.Measure{}, err
			}
		}
		c := newTally()
		left := make([]int, rooms) // receivers that still wait for the room's broadcast
		began := make([]time.Time, rooms)
		last := 0
		cast := func() {
			room := last % rooms
			left[room], began[room] = members, l.now
			w := ws[last%clients]
			w.send(opText, askCast(nil, strconv.Itoa(room), room))
			w.flush()
			last++
		}
		for i, w := range ws {
			var want []byte
			w.message = func(_ byte, payload []byte) {
				room := roomOf(payload)
				if want = appendCast(want[:0], room); !bytes.Equal(payload, want) || !in[i][room] || left[room] == 0 {
					l.strange(payload, fmt.Appendf(want, " of a room of client %d", i))
					return
				}
				c.done(l, began[room])
				if left[room]--; left[room] == 0 {
					cast()
				}
			}
		}
		for range atATime {
			cast()
		}
		return l.measure(t, c, d)
	})
}

// roomOf returns the number of the room that a broadcast of manyRooms carries
// in its text; a wrong one does not pass the comparison after it.
func roomOf(payload []byte) int {
	const at = len(`42["cast","00000000-`)
	if len(payload) < at+8 {
		return 0
	}
	n, err := strconv.Atoi(string(payload[at : at+8]))
	if err != nil {
		return 0
	}
	return n % 10_000
}
