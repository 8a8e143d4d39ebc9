//go:build bufdebug

package buf_test

import (
	"testing"

	"github.com/gosio/sio/internal/buf"
)

// Memory is counted with buffers only: what is taken may be kept for ever.
func TestGivePoisons(t *testing.T) {
	before := buf.Outstanding()
	m := buf.Take(700)
	memory := m[:cap(m)]
	if n := buf.Outstanding() - before; n != 0 {
		t.Errorf("%d buffers outstanding", n)
	}
	buf.Give(m[:3])
	if n := buf.Outstanding() - before; n != 0 {
		t.Errorf("%d buffers outstanding after Give", n)
	}
	for i, c := range memory {
		if c != 0xdb {
			t.Fatalf("byte %d is %#x", i, c)
		}
	}
}
