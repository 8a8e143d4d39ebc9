package client

import (
	"encoding/json"
	"net/url"

	"github.com/gosio/sio/internal/message"
	"github.com/gosio/sio/wire"
)

// withQuery returns the name of the namespace with the auth data as its query, which is
// how a server of Socket.IO 2 gets them.
func (s *Socket) withQuery(h wire.Header, auth any) (string, error) {
	if auth == nil {
		return s.name, nil
	}
	object, err := s.authObject(h, auth)
	if err != nil || len(object) == 0 {
		return s.name, err
	}
	query := make(url.Values, len(object))
	for name, value := range object {
		text, ok := value.(string)
		if !ok {
			data, err := json.Marshal(value)
			if err != nil {
				return "", err
			}
			text = string(data)
		}
		query.Set(name, text)
	}
	return s.name + "?" + query.Encode(), nil
}

// authObject returns auth data as what they are encoded as.
func (s *Socket) authObject(h wire.Header, auth any) (map[string]any, error) {
	codec := s.m.cfg.Codec
	p, _, err := message.Replace(codec, h, []any{auth})
	object := map[string]any{}
	if err == nil {
		err = codec.Decode(&p, &object)
	}
	return object, err
}
