package frame_test

import (
	"testing"

	"github.com/gosio/sio/internal/frame"
)

func TestLimit(t *testing.T) {
	for _, test := range []struct {
		limit         frame.Limit
		bytes, frames int
		exceeded      bool
	}{
		{frame.Limit{}, 1 << 40, 1 << 30, false},
		{frame.Limit{Bytes: -1, Frames: -1}, 1 << 40, 1 << 30, false},
		{frame.Limit{Bytes: 1000}, 1000 - 64, 1, false},
		{frame.Limit{Bytes: 1000}, 1001 - 64, 1, true},
		{frame.Limit{Bytes: 1000}, 0, 15, false},
		{frame.Limit{Bytes: 1000}, 0, 16, true},
		{frame.Limit{Frames: 3}, 1 << 40, 3, false},
		{frame.Limit{Frames: 3}, 0, 4, true},
		{frame.Limit{Bytes: 800, Frames: 80}.Polite(), 700 - 64, 1, false},
		{frame.Limit{Bytes: 800, Frames: 80}.Polite(), 701 - 64, 1, true},
		{frame.Limit{Frames: 80}.Polite(), 0, 70, false},
		{frame.Limit{Frames: 80}.Polite(), 0, 71, true},
		{frame.Limit{Frames: 2}.Polite(), 0, 1, false},
		{frame.Limit{Frames: 2}.Polite(), 0, 2, true},
		{frame.Limit{Frames: 1}.Polite(), 0, 2, true},
		{frame.Limit{Bytes: -1, Frames: -1}.Polite(), 1 << 40, 1 << 30, false},
		{frame.Limit{}.Polite(), 1 << 40, 1 << 30, false},
	} {
		if got := test.limit.Exceeded(test.bytes, test.frames); got != test.exceeded {
			t.Errorf("%+v, %d bytes in %d frames: %v", test.limit, test.bytes, test.frames, got)
		}
	}
}
