//go:build race

package msgpack_test

// raceEnabled: pools forget at random then, which costs allocations.
const raceEnabled = true
