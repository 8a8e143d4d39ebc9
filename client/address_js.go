package client

import (
	"net/url"
	"syscall/js"
)

// resolve parses a URL, which may be relative to the page: "" and "/admin" mean its
// server, "//example.com" one of the same scheme.
func resolve(rawURL string) (*url.URL, error) {
	u, err := url.Parse(rawURL)
	if err != nil || u.IsAbs() {
		return u, err
	}
	location := js.Global().Get("location")
	if location.IsUndefined() {
		return u, nil // a program outside of a page
	}
	page, err := url.Parse(location.Get("origin").String())
	if err != nil {
		return nil, err
	}
	return page.ResolveReference(u), nil
}
