package siotest

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/gosio/sio/engine"
	"github.com/gosio/sio/wire"
)

// The transports of a client.
const (
	Polling   = engine.Polling
	WebSocket = engine.WebSocket
	Upgrade   = "upgrade" // joins while polling, and then moves to a WebSocket
)

// Options of a client. The zero value of each field means its default.
type Options struct {
	// Transport is WebSocket, Polling or Upgrade. Default WebSocket.
	Transport string
	// Namespace is the one that is joined. Default "/".
	Namespace string
	// Auth is sent when joining: anything that is encoded as an object.
	// Default nil: nothing.
	Auth any
	// Path is where the server is mounted. Default "/socket.io/".
	Path string
	// Query has more parameters, and Header headers, of all requests.
	Query  url.Values
	Header http.Header
	// Codec is that of the server. Default wire.JSON().
	Codec wire.Codec
	// Timeout is how long the client waits for what a test expects, before the
	// test fails. Default 10 s.
	Timeout time.Duration
}

func (o *Options) withDefaults() Options {
	var d Options
	if o != nil {
		d = *o
	}
	if d.Transport == "" {
		d.Transport = WebSocket
	}
	d.Namespace = fullName(d.Namespace)
	if d.Path == "" {
		d.Path = "/socket.io/"
	}
	if d.Codec == nil {
		d.Codec = wire.JSON()
	}
	if d.Timeout == 0 {
		d.Timeout = 10 * time.Second
	}
	return d
}

// fullName returns the name of a namespace with its slash.
func fullName(namespace string) string {
	if strings.HasPrefix(namespace, "/") {
		return namespace
	}
	return "/" + namespace
}

// url returns the address of a transport, for a session if it has an id.
func (o *Options) url(transport, sid string) string {
	q := url.Values{}
	for name, values := range o.Query {
		q[name] = values
	}
	q.Set("EIO", "4")
	q.Set("transport", transport)
	if sid != "" {
		q.Set("sid", sid)
	}
	u := url.URL{Scheme: "http", Host: host, Path: o.Path, RawQuery: q.Encode()}
	return u.String()
}

// host is what all servers are called.
const host = "sio.test"
