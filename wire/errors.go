package wire

import (
	"errors"
	"strconv"
)

// Errors of decoding, with the texts of the reference implementation. Each
// means that the session must end.
var (
	// ErrInvalidPayload is for JSON with a wrong syntax, or of a kind that the
	// type of the packet does not have: an event without a name, say.
	ErrInvalidPayload = errors.New("invalid payload")
	// ErrIllegalAttachments is for a number of attachments that is none.
	//
	//lint:ignore ST1005 the official text
	ErrIllegalAttachments = errors.New("Illegal attachments") //nolint:staticcheck // the official text
	// ErrIllegalPlaceholder is for a placeholder of an attachment that is not there.
	ErrIllegalPlaceholder = errors.New("illegal attachments")
	// ErrTooManyAttachments is for more attachments than the decoder takes.
	ErrTooManyAttachments = errors.New("too many attachments")
	// ErrUnexpectedText is for a text where an attachment must come.
	ErrUnexpectedText = errors.New("got plaintext data when reconstructing a packet")
	// ErrUnexpectedBinary is for an attachment that no packet waits for.
	ErrUnexpectedBinary = errors.New("got binary data when not reconstructing a packet")
	// ErrUnknownPacketType is for a first character that is no type, which the
	// text of the error names.
	ErrUnknownPacketType = errors.New("unknown packet type")
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
