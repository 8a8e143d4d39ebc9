package work

import (
	"fmt"
	"strings"
)

const (
	textSize = 64
	// ring is how many texts a client has, which it sends over and over: making
	// them is not measured.
	ring = 64
)

// Texts returns the texts of a client's events, of 64 bytes each.
func Texts(client int) (texts [ring]string) {
	for i := range texts {
		head := fmt.Sprintf("%08d-%08d", client, i)
		texts[i] = head + strings.Repeat("abcdefghijklmnopqrstuvwxyz012345", 2)[:textSize-len(head)]
	}
	return texts
}
