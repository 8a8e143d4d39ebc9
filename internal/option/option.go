// Package option checks the options of a configuration.
package option

import (
	"fmt"
	"time"
)

// Error says which option cannot be meant as it is.
type Error struct {
	Field   string // such as "PingTimeout" or "CORS.Origins"
	Problem string
}

func (e *Error) Error() string { return fmt.Sprintf("invalid Config.%s: %s", e.Field, e.Problem) }

// Errorf returns an Error.
func Errorf(field, format string, args ...any) error {
	return &Error{Field: field, Problem: fmt.Sprintf(format, args...)}
}

// Size checks a number that cannot be negative.
func Size[T int | time.Duration](field string, n T) error {
	if n < 0 {
		return Errorf(field, "%v is negative", n)
	}
	return nil
}

// Time checks a time that may be negative. One of less than a millisecond is a
// number of milliseconds that was taken for a time.Duration.
func Time(field string, d time.Duration) error {
	if 0 < d && d < time.Millisecond {
		return Errorf(field, "%v is less than a millisecond; a plain number is one of nanoseconds", d)
	}
	return nil
}
