package adapter

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"strings"
)

// offsets are texts for places: a random part, which tells the logs of all
// namespaces and servers apart, and the place, of 48 bits. They need no escapes in
// any format.
type offsets struct{ epoch string }

func newOffsets() offsets {
	var b [6]byte
	rand.Read(b[:]) // never fails: crypto/rand ends the process instead
	return offsets{base64.RawURLEncoding.EncodeToString(b[:])}
}

// of returns the offset of a place.
func (o offsets) of(place uint64) string {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], place)
	return o.epoch + base64.RawURLEncoding.EncodeToString(b[2:])
}

// place returns the place of an offset that is one of these.
func (o offsets) place(offset string) (place uint64, ok bool) {
	digits, ok := strings.CutPrefix(offset, o.epoch)
	if !ok || len(digits) != 8 {
		return 0, false
	}
	var b [8]byte
	if n, err := base64.RawURLEncoding.Decode(b[2:], []byte(digits)); n != 6 || err != nil {
		return 0, false
	}
	return binary.BigEndian.Uint64(b[:]), true
}
