package engine

import (
	"crypto/rand"
	"encoding/base64"
	"sync/atomic"
)

var idCounter atomic.Uint32

// NewID returns a new id of 20 characters of the base64url alphabet: 12
// random bytes, which make it unguessable, and the low 24 bits of a counter,
// which keep ids of one process apart.
func NewID() string {
	var b [15]byte
	rand.Read(b[:12]) // never fails: crypto/rand ends the process instead
	n := idCounter.Add(1) - 1
	b[12], b[13], b[14] = byte(n>>16), byte(n>>8), byte(n)
	return base64.RawURLEncoding.EncodeToString(b[:])
}
