package client

import (
	"fmt"
	"net/url"
	"strings"
)

// address is what a URL says: where the server is, and which namespace is meant.
type address struct {
	server    url.URL // scheme, host and query; without a path
	namespace string
}

// maxURL is the length of a URL that the reference implementation takes.
const maxURL = 8000

// parseAddress takes a URL apart: scheme and host are the server, the path is the
// namespace, and the query is that of all requests.
func parseAddress(rawURL string) (address, error) {
	if len(rawURL) > maxURL {
		return address{}, fmt.Errorf("client: URL too long: %d bytes", len(rawURL))
	}
	u, err := resolve(rawURL)
	if err != nil {
		return address{}, fmt.Errorf("client: %w", err)
	}
	switch u.Scheme {
	case "http", "https", "ws", "wss":
	default:
		return address{}, fmt.Errorf("client: %q does not begin with http://, https://, ws:// or wss://", rawURL)
	}
	if u.Hostname() == "" {
		return address{}, fmt.Errorf("client: %q has no host", rawURL)
	}
	namespace, err := namespaceName(u.EscapedPath())
	if err != nil {
		return address{}, err
	}
	return address{
		server:    url.URL{Scheme: u.Scheme, Host: u.Host, RawQuery: u.RawQuery},
		namespace: namespace,
	}, nil
}

// namespaceName returns the name of a namespace as packets have it.
func namespaceName(name string) (string, error) {
	if name == "" {
		return "/", nil
	}
	if name[0] != '/' {
		name = "/" + name
	}
	if strings.ContainsAny(name, ",?") {
		return "", fmt.Errorf("client: a namespace cannot be named %q", name)
	}
	return name, nil
}
