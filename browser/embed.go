// Package browser has the browser client, ready to be served: bundles of the
// TypeScript in src, in dist.
package browser

import "embed"

//go:generate go run ./build

//go:embed dist
var dist embed.FS
