package client

import (
	"math"
	"math/rand/v2"
	"time"
)

// backoff returns the delay before the reconnection attempt k, which counts from 0
// (Socket.IO reference, "Manager"). random is in [0, 1).
func (c *Config) backoff(k int, random float64) time.Duration {
	ms := float64(c.ReconnectionDelay.Milliseconds()) * math.Pow(2, float64(k))
	if c.RandomizationFactor > 0 {
		deviation := math.Floor(random * c.RandomizationFactor * ms)
		if int(random*10)%2 == 0 {
			deviation = -deviation
		}
		ms += deviation
	}
	return time.Duration(min(ms, float64(c.ReconnectionDelayMax.Milliseconds()))) * time.Millisecond
}

func (c *Config) nextDelay(k int) time.Duration { return c.backoff(k, rand.Float64()) }
