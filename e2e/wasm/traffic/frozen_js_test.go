package traffic_test

import (
	"testing"
	"time"

	"github.com/gosio/sio/engine/dialer"
)

// A page in the background that stands still for so long that the server gives it up. When it
// goes on, it learns of that.
func TestFrozenPage(t *testing.T) {
	inEachMode(t, func(t *testing.T, mode string) {
		s := dial(t, mode, "/quick/", nil)
		start := time.Now()
		post(t, origin+"/freeze")
		longest, last := time.Duration(0), start
		for ended := false; !ended; {
			select {
			case end := <-s.ended:
				if ended = true; end.reason == dialer.ForcedClose {
					t.Errorf("the end is %q, %v", end.reason, end.err)
				}
			case <-time.After(20 * time.Millisecond):
			}
			longest, last = max(longest, time.Since(last)), time.Now()
			if last.Sub(start) > patience {
				t.Fatal("the session does not end")
			}
		}
		if longest < 300*time.Millisecond {
			t.Errorf("the page stood still for %v only", longest)
		}
	})
}
