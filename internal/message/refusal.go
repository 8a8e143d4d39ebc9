package message

import (
	"github.com/gosio/sio/event"
	"github.com/gosio/sio/wire"
)

// Refusal is an event.Error as it crosses the wire.
type Refusal struct {
	Message string `json:"message"`
	Data    any    `json:"data,omitzero"`
}

// Refuse acknowledges an event with an error. Data that cannot be encoded is
// left out, and what ack said of it is returned.
func Refuse(err error, ack func(args ...any) error) error {
	e := event.AsError(err)
	failed := ack(map[string]Refusal{"error": Refusal(*e)})
	if failed != nil && e.Data != nil {
		_ = ack(map[string]Refusal{"error": {Message: e.Message}})
	}
	return failed
}

// Refused returns the error that a call was acknowledged with, or nil.
func Refused(codec wire.Codec, p *wire.Packet) error {
	if p.NArgs != 1 || len(p.Args) == 0 || p.Args[0] != '{' && !codec.Binary() {
		return nil
	}
	args, err := codec.Values(p)
	if err != nil {
		return nil // whoever decodes it properly will see
	}
	object, _ := args[0].(map[string]any)
	detail, _ := object["error"].(map[string]any)
	message, ok := detail["message"].(string)
	if !ok || len(object) != 1 {
		return nil
	}
	return &event.Error{Message: message, Data: detail["data"]}
}
