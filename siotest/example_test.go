package siotest_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gosio/sio"
	"github.com/gosio/sio/siotest"
)

var t *testing.T // that of the test function

// newAuction returns the server that is tested: bids go to everybody, and it
// asks the bidder for a confirmation.
func newAuction(lost chan<- sio.Reason) *sio.Server {
	io := sio.NewServer(nil)
	sio.Handle(io, "bid", func(ctx context.Context, s *sio.Socket, amount int) (string, error) {
		if amount < 100 {
			return "", &sio.Error{Message: "too low"}
		}
		ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
		defer cancel()
		sure, err := sio.Call[bool](ctx, s, "sure?", amount)
		if err != nil || !sure {
			return "withdrawn", nil
		}
		return "taken", io.Emit("price", amount)
	})
	io.OnDisconnect(func(_ *sio.Socket, reason sio.Reason) { lost <- reason })
	return io
}

func Example() {
	synctest.Test(t, func(t *testing.T) {
		lost := make(chan sio.Reason, 10)
		srv := siotest.NewServer(t, newAuction(lost))
		anna := srv.Dial(t, nil)
		ben := srv.Dial(t, &siotest.Options{Transport: siotest.Polling})

		anna.Call("bid", 5).ExpectError("too low")
		bid := anna.Call("bid", 120)
		anna.Expect("sure?", 120).Ack(true)
		bid.Expect("taken")
		anna.Expect("price", 120)
		ben.Expect("price", 120)

		// Who does not confirm within 30 s loses the bid, which takes no time here.
		bid = ben.Call("bid", 200)
		ben.Expect("sure?", 200)
		time.Sleep(30*time.Second - time.Nanosecond)
		bid.ExpectNone(0)
		time.Sleep(time.Nanosecond)
		bid.Expect("withdrawn")
		anna.ExpectNone(time.Second)
	})
}

// A cut link is noticed when a ping is not answered.
func ExampleLink_Cut() {
	synctest.Test(t, func(t *testing.T) {
		lost := make(chan sio.Reason, 10)
		start := time.Now()
		c := siotest.NewServer(t, newAuction(lost)).Dial(t, nil)
		c.Link().Cut()
		reason := <-lost
		if after := time.Since(start); reason != sio.PingTimeout || after != 45*time.Second {
			t.Errorf("lost after %v with %q\n%s", after, reason, c.Log())
		}
	})
}
