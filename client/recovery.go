package client

import (
	"github.com/gosio/sio/wire"
)

// connectArgs returns the payload of a CONNECT: the auth data, and with a session to
// recover its id and the offset of the latest event. m.mu is held.
func (s *Socket) connectArgs(h wire.Header, auth any) ([]any, error) {
	if s.pid == "" {
		if auth == nil {
			return nil, nil
		}
		return []any{auth}, nil
	}
	object := map[string]any{}
	if auth != nil {
		var err error
		if object, err = s.authObject(h, auth); err != nil {
			return nil, err
		}
	}
	object["pid"] = s.pid
	if s.offset != "" {
		object["offset"] = s.offset
	}
	return []any{object}, nil
}

// noteOffset remembers the offset of an event, which is its last argument if the server
// recovers sessions, and which from now on counts as received: the Socket has to get it, whatever
// becomes of the connection. m.mu is held.
func (s *Socket) noteOffset(p *wire.Packet) {
	if s.pid == "" {
		return
	}
	if text, ok := lastText(s.m.cfg.Codec, p); ok {
		s.offset = text
	}
}

// lastText returns the last argument of an event, if it is a text.
func lastText(codec wire.Codec, p *wire.Packet) (string, bool) {
	if p.NArgs == 0 {
		return "", false
	}
	if !codec.Binary() { // then the arguments are JSON with commas between them
		begin := lastString(p.Args)
		if begin < 0 {
			return "", false
		}
		last := wire.Packet{Type: wire.Event, ID: wire.NoID, Args: p.Args[begin:], NArgs: 1}
		var text string
		err := codec.Decode(&last, &text)
		return text, err == nil
	}
	values, err := codec.Values(p)
	if err != nil || len(values) == 0 {
		return "", false
	}
	text, ok := values[len(values)-1].(string)
	return text, ok
}

// lastString returns where the string begins that valid JSON ends with, or -1. A quote
// within it has an odd number of backslashes before it, and the first has none.
func lastString(args []byte) int {
	end := len(args) - 1
	for end >= 0 && (args[end] == ' ' || args[end] == '\t' || args[end] == '\n' || args[end] == '\r') {
		end--
	}
	if end < 1 || args[end] != '"' {
		return -1
	}
	for begin := end - 1; begin >= 0; begin-- {
		if args[begin] != '"' {
			continue
		}
		escapes := 0
		for escapes < begin && args[begin-1-escapes] == '\\' {
			escapes++
		}
		if escapes%2 == 0 {
			return begin
		}
	}
	return -1
}
