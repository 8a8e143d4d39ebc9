package client

import "context"

// New returns the Socket of the namespace that is the path of a URL, on the server that
// its scheme (http, https, ws, wss), host and port name. The query, if there is one, is
// that of all requests. It has a Manager of its own and does not connect before Connect
// is called, so that listeners can be added first. A nil Config has all defaults. Errors:
// those of the URL, a *ConfigError.
func New(rawURL string, cfg *Config) (*Socket, error) {
	a, err := parseAddress(rawURL)
	if err != nil {
		return nil, err
	}
	m, err := newManager(a, cfg)
	if err != nil {
		return nil, err
	}
	s := m.Of(a.namespace)
	s.owns = true
	return s, nil
}

// Dial is New, Connect and WaitConnected. Listeners for what the server emits at once
// belong into Config.Setup. With an error, nothing is left. Attempts that fail are
// repeated as Config says, for as long as ctx allows: give it a deadline.
func Dial(ctx context.Context, rawURL string, cfg *Config) (*Socket, error) {
	s, err := New(rawURL, cfg)
	if err != nil {
		return nil, err
	}
	s.Connect()
	if err := s.WaitConnected(ctx); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}
