//go:build !js

package client

import "net/url"

// resolve parses a URL, which must be absolute.
func resolve(rawURL string) (*url.URL, error) { return url.Parse(rawURL) }
