package engine

import (
	"net/url"
	"strings"
)

// query is what the parameters of a request say about the protocol.
type query struct{ transport, sid, eio string }

// parseQuery reads what counts of a raw query: the last value of each
// parameter. Usual ones have nothing that is escaped, and need no map.
func parseQuery(raw string) (q query) {
	if strings.ContainsAny(raw, "%+;") {
		values, _ := url.ParseQuery(raw) // the error is about pairs that are left out
		return query{last(values["transport"]), last(values["sid"]), last(values["EIO"])}
	}
	for raw != "" {
		var pair string
		pair, raw, _ = strings.Cut(raw, "&")
		key, value, _ := strings.Cut(pair, "=")
		switch key {
		case "transport":
			q.transport = value
		case "sid":
			q.sid = value
		case "EIO":
			q.eio = value
		}
	}
	return q
}

// last is the value that counts of a repeated parameter.
func last(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[len(values)-1]
}
