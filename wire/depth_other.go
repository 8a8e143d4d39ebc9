//go:build !js

package wire

const maxDepth = 10000
