package eio

import (
	"fmt"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Handshake is the data of an open packet.
type Handshake struct {
	SID          string
	Upgrades     []string
	PingInterval time.Duration // milliseconds on the wire
	PingTimeout  time.Duration
	MaxPayload   int // bytes
}

// AppendHandshake appends a handshake as JSON, its keys in the order of the
// reference implementation:
//
//	{"sid":"…","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}
func AppendHandshake(dst []byte, h Handshake) []byte {
	dst = appendString(append(dst, `{"sid":`...), h.SID)
	dst = append(dst, `,"upgrades":[`...)
	for i, name := range h.Upgrades {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendString(dst, name)
	}
	dst = strconv.AppendInt(append(dst, `],"pingInterval":`...), h.PingInterval.Milliseconds(), 10)
	dst = strconv.AppendInt(append(dst, `,"pingTimeout":`...), h.PingTimeout.Milliseconds(), 10)
	dst = strconv.AppendInt(append(dst, `,"maxPayload":`...), int64(h.MaxPayload), 10)
	return append(dst, '}')
}

func appendString(dst []byte, s string) []byte {
	dst, _ = jsontext.AppendQuote(dst, s) // the error is about invalid UTF-8, which is replaced
	return dst
}

// maxMilliseconds is what fits into a time.Duration.
const maxMilliseconds = int64(1<<63-1) / int64(time.Millisecond)

// ParseHandshake parses the data of an open packet. Unknown members are ignored.
func ParseHandshake(data []byte) (Handshake, error) {
	var v struct {
		SID          string   `json:"sid"`
		Upgrades     []string `json:"upgrades"`
		PingInterval int64    `json:"pingInterval"`
		PingTimeout  int64    `json:"pingTimeout"`
		MaxPayload   int      `json:"maxPayload"`
	}
	if err := json.Unmarshal(data, &v); err != nil {
		return Handshake{}, fmt.Errorf("eio: malformed handshake: %w", err)
	}
	if v.SID == "" || v.MaxPayload < 0 || min(v.PingInterval, v.PingTimeout) < 0 || max(v.PingInterval, v.PingTimeout) > maxMilliseconds {
		return Handshake{}, fmt.Errorf("eio: malformed handshake: %q", data)
	}
	return Handshake{
		SID: v.SID, Upgrades: v.Upgrades, MaxPayload: v.MaxPayload,
		PingInterval: time.Duration(v.PingInterval) * time.Millisecond,
		PingTimeout:  time.Duration(v.PingTimeout) * time.Millisecond,
	}, nil
}
