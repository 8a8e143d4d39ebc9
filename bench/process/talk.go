package process

import (
	"fmt"
	"os"
	"strings"
)

// talk is how much of what a program writes to its standard error is passed on.
const talk = 2 << 10

// said passes what a program writes to its standard error on to ours, but does not
// flood it.
type said struct {
	name string
	text []byte // that was passed on
	more bool   // than was passed on
}

func (s *said) Write(p []byte) (int, error) {
	passed := p[:min(len(p), talk-len(s.text))]
	s.text = append(s.text, passed...)
	_, _ = os.Stderr.Write(passed)
	if len(passed) < len(p) && !s.more {
		s.more = true
		_, _ = fmt.Fprintf(os.Stderr, "\n(%s says more)\n", s.name)
	}
	return len(p), nil
}

// first returns the first line of it.
func (s *said) first() string {
	line, _, _ := strings.Cut(string(s.text), "\n")
	return line
}
