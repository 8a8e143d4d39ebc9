package sio

import (
	"cmp"

	"github.com/gosio/sio/engine"
	"github.com/gosio/sio/internal/option"
)

// ConfigError says which option of a Config cannot be meant as it is.
type ConfigError = engine.ConfigError

// Validate returns a *ConfigError for the first option that cannot be meant as it
// is, or nil: sizes and times that are negative where that does not mean "off",
// times of less than a millisecond, transports and origins that do not exist.
// NewServer panics with it, as options are the programmer's; a program that takes
// them from elsewhere can ask before.
func (c *Config) Validate() error {
	if c == nil {
		return nil
	}
	d := c.withDefaults()
	return cmp.Or(
		d.engine().Validate(),
		option.Time("ConnectTimeout", c.ConnectTimeout),
		option.Time("AckTimeout", c.AckTimeout),
		option.Size("MaxAttachments", c.MaxAttachments),
		option.Size("MaxMailbox", c.MaxMailbox),
		c.QueuePolicy.validate(),
		c.Recovery.validate(),
		c.Deduplicate.validate(),
	)
}

func (p QueuePolicy) validate() error {
	if p != QueueDisconnect && p != QueueDropNewest {
		return option.Errorf("QueuePolicy", "there is no policy %d", p)
	}
	return nil
}

func (r *Recovery) validate() error {
	if r == nil {
		return nil
	}
	return cmp.Or(
		option.Size("Recovery.MaxDisconnection", r.MaxDisconnection),
		option.Time("Recovery.MaxDisconnection", r.MaxDisconnection),
		option.Size("Recovery.MaxBytes", r.MaxBytes),
		option.Size("Recovery.MaxSessions", r.MaxSessions),
	)
}

func (d *Deduplication) validate() error {
	if d == nil {
		return nil
	}
	return cmp.Or(
		option.Size("Deduplicate.Window", d.Window),
		option.Size("Deduplicate.MaxBytes", d.MaxBytes),
	)
}
