package engine

import (
	"net/url"
	"strings"
)

// query is what the parameters of a request say about the protocol.
type query struct{ transport, sid, eio, b64, j string }

// parseQuery reads what counts of a raw query: the last value of each
// parameter. Usual ones have nothing that is escaped, and need no map.
func parseQuery(raw string) (q query) {
	if strings.ContainsAny(raw, "%+;") {
		values, _ := url.ParseQuery(raw) // the error is about pairs that are left out
		return query{last(values["transport"]), last(values["sid"]), last(values["EIO"]), last(values["b64"]), last(values["j"])}
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
		case "b64":
			q.b64 = value
		case "j":
			q.j = value
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
