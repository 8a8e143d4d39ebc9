package e2e_test

import "testing"

func TestWasmTransports(t *testing.T) {
	t.Parallel()
	runWasm(t, "./wasm/transports", "-test.v")
}
