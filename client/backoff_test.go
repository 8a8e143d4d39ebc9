package client

import (
	"testing"
	"time"
)

// The delays are those of the reference implementation: 2^k times the first, with a
// deviation that is subtracted or added, and no more than the largest.
func TestBackoff(t *testing.T) {
	for _, test := range []struct {
		cfg    Config
		k      int
		random float64
		want   time.Duration
	}{
		{Config{RandomizationFactor: -1}, 0, 0.9, time.Second},
		{Config{RandomizationFactor: -1}, 1, 0.9, 2 * time.Second},
		{Config{RandomizationFactor: -1}, 2, 0.9, 4 * time.Second},
		{Config{RandomizationFactor: -1}, 3, 0.9, 5 * time.Second},
		{Config{RandomizationFactor: -1}, 5000, 0.9, 5 * time.Second},
		{Config{}, 0, 0, time.Second},
		{Config{}, 0, 0.25, 875 * time.Millisecond},   // 2 is even: less
		{Config{}, 0, 0.35, 1175 * time.Millisecond},  // 3 is odd: more
		{Config{}, 1, 0.999, 2999 * time.Millisecond}, // 9 is odd
		{Config{}, 3, 0.85, 4600 * time.Millisecond},  // the limit comes after the deviation
		{Config{}, 3, 0.95, 5 * time.Second},
		{Config{RandomizationFactor: 1, ReconnectionDelay: 100 * time.Millisecond}, 0, 0.89, 11 * time.Millisecond},
		{Config{RandomizationFactor: -1, ReconnectionDelay: 10 * time.Second}, 0, 0, 5 * time.Second},
		{Config{RandomizationFactor: -1, ReconnectionDelay: time.Millisecond, ReconnectionDelayMax: time.Hour}, 10, 0, 1024 * time.Millisecond},
	} {
		cfg := test.cfg.withDefaults()
		if got := cfg.backoff(test.k, test.random); got != test.want {
			t.Errorf("%+v: attempt %d with %v after %v, want %v", test.cfg, test.k, test.random, got, test.want)
		}
	}
	cfg := (*Config)(nil).withDefaults()
	for range 1000 {
		if d := cfg.nextDelay(1); d < time.Second || d > 3*time.Second {
			t.Fatal(d)
		}
	}
}
