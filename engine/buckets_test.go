package engine

import (
	"net/netip"
	"testing"
	"time"
)

// Memory is bounded, whatever addresses come; those that were quiet make room.
func TestBucketsAreBounded(t *testing.T) {
	c := &Config{HandshakeRatePerAddress: Rate{PerSecond: 1, Burst: 2}}
	var a admission
	now := time.Unix(1, 0)
	address := func(n int) string {
		return netip.AddrFrom4([4]byte{1, byte(n >> 16), byte(n >> 8), byte(n)}).String()
	}
	for n := range maxBuckets + 2 {
		if wait, name := a.hurries(c, address(n), now); wait != 0 {
			t.Fatalf("%d: refused by %s", n, name)
		}
	}
	if len(a.buckets) != maxBuckets {
		t.Fatalf("%d buckets", len(a.buckets))
	}
	// The others share one, which is empty now; who was there first has its own.
	if wait, _ := a.hurries(c, address(maxBuckets+3), now); wait == 0 {
		t.Error("the crowd has no limit")
	}
	if wait, _ := a.hurries(c, address(1), now); wait != 0 {
		t.Error("an address that has a bucket pays for the crowd")
	}
	now = now.Add(3 * time.Second)
	if wait, _ := a.hurries(c, address(maxBuckets+3), now); wait != 0 || len(a.buckets) != 1 {
		t.Errorf("%d buckets are left", len(a.buckets))
	}
}
