// Package traffic has tests of the Go client's transports that run in a browser, over its
// WebSocket and fetch: TestWasmTransports compiles them, and has the servers that they talk to.
package traffic

// Pattern returns binary data in which each byte says where it is.
func Pattern(size int) []byte {
	data := make([]byte, size)
	for i := range data {
		data[i] = byte(i * 7 / 3)
	}
	return data
}
