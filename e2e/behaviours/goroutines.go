package behaviours

import (
	"bytes"
	"runtime/pprof"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// labelKey is the profiler's label by which the goroutines of a behaviour are known.
const labelKey = "behaviour"

var labels atomic.Int64

func nextLabel() string { return strconv.FormatInt(labels.Add(1), 10) }

// leftover returns the goroutines of a behaviour that do not end.
func leftover(label string) string {
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(time.Millisecond) {
		left := goroutines(label)
		if left == "" || time.Now().After(deadline) {
			return left
		}
	}
}

// goroutines returns the stacks of those with that label, but for loops that read the
// connections of all clients.
func goroutines(label string) string {
	var profile bytes.Buffer
	_ = pprof.Lookup("goroutine").WriteTo(&profile, 1)
	var found []string
	for stack := range strings.SplitSeq(profile.String(), "\n\n") {
		if strings.Contains(stack, strconv.Quote(labelKey)+":"+strconv.Quote(label)) && !strings.Contains(stack, "netpoll.(*loop).run") {
			found = append(found, stack)
		}
	}
	return strings.Join(found, "\n\n")
}
