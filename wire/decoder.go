package wire

import (
	"bytes"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// jsonDecoder is the Decoder of the JSON codec.
type jsonDecoder struct {
	maxAttachments int
	pending        *pending // a packet whose attachments have not all come
}

type pending struct {
	packet Packet // in memory of its own
	want   int
}

func (d *jsonDecoder) Reset() { d.pending = nil }

// Add takes a text or an attachment. The text of a packet with attachments is
// copied, so that it stays when the decoder's caller uses its memory again.
func (d *jsonDecoder) Add(p *Packet, data []byte, binary bool) (bool, error) {
	if binary {
		return d.addAttachment(p, data)
	}
	if d.pending != nil {
		return false, ErrUnexpectedText
	}
	if len(data) == 0 {
		return false, ErrInvalidPayload
	}
	typ := Type(data[0] - '0')
	if typ > BinaryAck {
		return false, unknownType(data[0])
	}
	if typ != BinaryEvent && typ != BinaryAck {
		return true, parse(p, typ, data[1:])
	}
	want, n, err := d.attachmentCount(data[1:])
	if err != nil {
		return false, err
	}
	next := &pending{want: want}
	if err := parse(&next.packet, typ-BinaryEvent+Event, bytes.Clone(data[1+n:])); err != nil {
		return false, err
	}
	d.pending = next
	return false, nil
}

// attachmentCount reads digits up to a dash, and returns how many bytes they took.
func (d *jsonDecoder) attachmentCount(text []byte) (count, n int, err error) {
	n = bytes.IndexByte(text, '-')
	if n <= 0 || skipDigits(text[:n], 0) != n {
		return 0, 0, ErrIllegalAttachments
	}
	count, err = strconv.Atoi(string(text[:n]))
	switch {
	case err != nil, count > d.maxAttachments: // digits only, so the error is that there are too many
		return 0, 0, ErrTooManyAttachments
	case count == 0:
		return 0, 0, ErrIllegalAttachments
	}
	return count, n + 1, nil
}

func (d *jsonDecoder) addAttachment(p *Packet, data []byte) (bool, error) {
	if d.pending == nil {
		return false, ErrUnexpectedBinary
	}
	packet := &d.pending.packet
	packet.Attachments = append(packet.Attachments, data)
	if len(packet.Attachments) < d.pending.want {
		return false, nil
	}
	d.pending = nil
	if !placeholdersValid(packet.Args, len(packet.Attachments)) {
		return false, ErrIllegalPlaceholder
	}
	*p = *packet
	return true, nil
}

// parse fills p from the text of a packet behind its type and attachment count.
func parse(p *Packet, typ Type, text []byte) error {
	*p = Packet{Type: typ, ID: NoID}
	if len(text) > 0 && text[0] == '/' {
		end := bytes.IndexByte(text, ',')
		if end < 0 {
			end = len(text)
		}
		if end > 1 { // "/" is the main one
			p.Namespace = text[:end:end]
		}
		text = text[min(end+1, len(text)):]
	}
	if n := skipDigits(text, 0); n > 0 {
		if n > 18 { // as many as an int64 holds whatever they are
			return ErrInvalidPayload
		}
		p.ID = 0
		for _, c := range text[:n] {
			p.ID = p.ID*10 + int64(c-'0')
		}
		text = text[n:]
	}
	if !parsePayload(p, text) {
		return ErrInvalidPayload
	}
	return nil
}

// parsePayload checks the payload of a packet against its type, and finds the
// arguments in it.
func parsePayload(p *Packet, text []byte) bool {
	switch p.Type {
	case Event:
		list, n, ok := scanArray(text)
		if !ok || n == 0 {
			return false
		}
		var name []byte
		name, p.Args = nextArg(list)
		p.NArgs = n - 1
		return parseName(p, name)
	case Ack:
		if len(text) == 0 {
			return true // the reference implementation takes it as no arguments
		}
		var ok bool
		p.Args, p.NArgs, ok = scanArray(text)
		return ok
	case Disconnect:
		return len(text) == 0
	}
	if len(text) == 0 {
		return true
	}
	if text[0] != '{' && (p.Type != ConnectError || text[0] != '"') {
		return false
	}
	end, ok := skipValue(text, 0)
	if !ok || skipSpace(text, end) != len(text) {
		return false
	}
	p.Args, p.NArgs = text[:end], 1
	return true
}

// parseName takes the name of an event: a number, or a string that is not reserved.
func parseName(p *Packet, name []byte) bool {
	switch c := name[0]; {
	case c == '"':
		p.Name = name[1 : len(name)-1]
		if bytes.IndexByte(p.Name, '\\') >= 0 {
			p.Name, _ = jsontext.AppendUnquote(nil, name) // was scanned; lone surrogates are replaced
		}
		return !Reserved(string(p.Name))
	case c == '-' || c >= '0' && c <= '9':
		p.Name = name
		return true
	}
	return false
}
