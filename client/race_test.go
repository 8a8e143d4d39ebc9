//go:build race

package client_test

// raceEnabled says that the race detector is on, which changes what memory
// and allocations cost.
const raceEnabled = true
