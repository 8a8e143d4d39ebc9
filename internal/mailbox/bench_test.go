package mailbox_test

import (
	"sync"
	"testing"

	"github.com/gosio/sio/internal/mailbox"
)

// BenchmarkWake is a job for a mailbox that has nothing to do.
func BenchmarkWake(b *testing.B) {
	var m mailbox.Mailbox
	var o owner
	done := make(chan struct{})
	j := &job{do: func() { done <- struct{}{} }}
	b.ReportAllocs()
	for b.Loop() {
		m.Put(&o, j, 1, noLimit)
		<-done
	}
}

// BenchmarkBurst is a hundred mailboxes that get 16 jobs each.
func BenchmarkBurst(b *testing.B) {
	const mailboxes, burst = 100, 16
	var o owner
	var done sync.WaitGroup
	all := make([]mailbox.Mailbox, mailboxes)
	jobs := make([]job, mailboxes*burst)
	for i := range jobs {
		jobs[i].do = done.Done
	}
	b.ReportAllocs()
	for n := 0; b.Loop(); n++ {
		if n%len(jobs) != 0 {
			continue // counted with all of them
		}
		done.Add(len(jobs))
		for i := range jobs {
			all[i/burst].Put(&o, &jobs[i], 1, noLimit)
		}
		done.Wait()
	}
}
