package option_test

import (
	"testing"
	"time"

	"github.com/gosio/sio/internal/option"
)

func TestSize(t *testing.T) {
	for n, want := range map[int]string{0: "", 1: "", -1: "invalid Config.N: -1 is negative"} {
		expect(t, option.Size("N", n), want)
	}
	expect(t, option.Size("D", -time.Second), "invalid Config.D: -1s is negative")
}

func TestTime(t *testing.T) {
	const short = " is less than a millisecond; a plain number is one of nanoseconds"
	for d, want := range map[time.Duration]string{
		0: "", -1: "", time.Millisecond: "", time.Hour: "",
		1: "invalid Config.T: 1ns" + short, time.Millisecond - 1: "invalid Config.T: 999.999µs" + short,
	} {
		expect(t, option.Time("T", d), want)
	}
}

func expect(t *testing.T, err error, want string) {
	t.Helper()
	if err == nil && want != "" || err != nil && err.Error() != want {
		t.Errorf("%v, want %q", err, want)
	}
}
