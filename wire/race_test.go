//go:build race

package wire_test

// raceEnabled: pools forget at random then, which costs allocations.
const raceEnabled = true
