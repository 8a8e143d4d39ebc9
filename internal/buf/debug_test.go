//go:build bufdebug

package buf_test

import (
	"testing"

	"github.com/gosio/sio/internal/buf"
)

func TestReleasePoisonsAndIsCounted(t *testing.T) {
	before := buf.Outstanding()
	b := buf.Get(600)
	b.B = append(b.B, "secret"...)
	memory := b.B
	if n := buf.Outstanding() - before; n != 1 {
		t.Errorf("%d buffers outstanding", n)
	}
	b.Grow(5000)
	if n := buf.Outstanding() - before; n != 1 {
		t.Errorf("%d buffers outstanding after Grow", n)
	}
	b.Release()
	if n := buf.Outstanding() - before; n != 0 {
		t.Errorf("%d buffers outstanding after Release", n)
	}
	for i, c := range memory {
		if c != 0xdb {
			t.Fatalf("byte %d is %#x", i, c)
		}
	}
}
