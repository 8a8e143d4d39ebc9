package ws

import "sync/atomic"

// turns lets one goroutine at a time read a connection. Whoever comes meanwhile
// only leaves word that there may be more. The zero value is entered.
type turns struct{ state atomic.Int32 }

const (
	turnTaken = iota
	turnAgain // taken, and somebody was here
	turnFree
	turnEnded
)

// enter takes the turn, and reports false if another has it, or nobody shall
// ever have it again.
func (t *turns) enter() bool {
	for {
		switch t.state.Load() {
		case turnFree:
			if t.state.CompareAndSwap(turnFree, turnTaken) {
				return true
			}
		case turnTaken:
			if t.state.CompareAndSwap(turnTaken, turnAgain) {
				return false
			}
		default:
			return false
		}
	}
}

// leave gives the turn back. If somebody was here meanwhile, it reports false,
// and the caller has the turn still.
func (t *turns) leave() bool {
	if t.state.CompareAndSwap(turnTaken, turnFree) {
		return true
	}
	t.state.Store(turnTaken)
	return false
}

// end ends the last turn.
func (t *turns) end() { t.state.Store(turnEnded) }
