package wire

import (
	"errors"
	"strconv"
)

// Errors of decoding, with the texts of the reference implementation. Each
// means that the session must end.
var (
	ErrInvalidPayload     = errors.New("invalid payload")
	ErrIllegalAttachments = errors.New("Illegal attachments") //nolint:staticcheck // the official text
	ErrIllegalPlaceholder = errors.New("illegal attachments")
	ErrTooManyAttachments = errors.New("too many attachments")
	ErrUnexpectedText     = errors.New("got plaintext data when reconstructing a packet")
	ErrUnexpectedBinary   = errors.New("got binary data when not reconstructing a packet")
	ErrUnknownPacketType  = errors.New("unknown packet type")
)

// unknownType is an ErrUnknownPacketType that names the type.
type unknownType byte

func (t unknownType) Error() string {
	if t < '0' || t > '9' {
		return "unknown packet type NaN"
	}
	return "unknown packet type " + strconv.Itoa(int(t-'0'))
}

func (unknownType) Is(target error) bool { return target == ErrUnknownPacketType }
