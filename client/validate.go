package client

import (
	"cmp"
	"slices"

	"github.com/gosio/sio/internal/option"
)

// ConfigError says which option of a Config cannot be meant as it is.
type ConfigError = option.Error

// Validate returns a *ConfigError for the first option that cannot be meant as it
// is, or nil: sizes that are negative where that does not mean "off", times of less
// than a millisecond, transports that do not exist. New, Dial and NewManager return
// it.
func (c *Config) Validate() error {
	if c == nil {
		return nil
	}
	return cmp.Or(
		c.validateTransports(),
		option.Time("ConnectTimeout", c.ConnectTimeout),
		option.Size("RequestTimeout", c.RequestTimeout),
		option.Time("RequestTimeout", c.RequestTimeout),
		option.Size("ReconnectionAttempts", c.ReconnectionAttempts),
		option.Size("ReconnectionDelay", c.ReconnectionDelay),
		option.Time("ReconnectionDelay", c.ReconnectionDelay),
		option.Size("ReconnectionDelayMax", c.ReconnectionDelayMax),
		option.Time("ReconnectionDelayMax", c.ReconnectionDelayMax),
		c.validateFactor(),
		option.Size("AckTimeout", c.AckTimeout),
		option.Time("AckTimeout", c.AckTimeout),
		option.Size("MaxMailbox", c.MaxMailbox),
		option.Size("MaxAttachments", c.MaxAttachments),
		c.validatePath(),
	)
}

func (c *Config) validateTransports() error {
	for i, t := range c.Transports {
		if t != Polling && t != WebSocket {
			return option.Errorf("Transports", "there is no transport %q", t)
		}
		if slices.Contains(c.Transports[:i], t) {
			return option.Errorf("Transports", "%q is there twice", t)
		}
	}
	return nil
}

func (c *Config) validateFactor() error {
	if c.RandomizationFactor > 1 {
		return option.Errorf("RandomizationFactor", "%v is more than 1", c.RandomizationFactor)
	}
	return nil
}

func (c *Config) validatePath() error {
	if c.Path != "" && c.Path[0] != '/' {
		return option.Errorf("Path", "%q does not begin with a slash", c.Path)
	}
	return nil
}
