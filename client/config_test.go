package client

import (
	"errors"
	"testing"
	"time"
)

func TestValidate(t *testing.T) {
	for _, test := range []struct {
		field string
		cfg   Config
	}{
		{"Transports", Config{Transports: []string{"carrier pigeon"}}},
		{"Transports", Config{Transports: []string{Polling, Polling}}},
		{"ConnectTimeout", Config{ConnectTimeout: 20}},
		{"RequestTimeout", Config{RequestTimeout: -1}},
		{"RequestTimeout", Config{RequestTimeout: 5}},
		{"ReconnectionAttempts", Config{ReconnectionAttempts: -1}},
		{"ReconnectionDelay", Config{ReconnectionDelay: 1000}},
		{"ReconnectionDelay", Config{ReconnectionDelay: -time.Second}},
		{"ReconnectionDelayMax", Config{ReconnectionDelayMax: 1000}},
		{"ReconnectionDelayMax", Config{ReconnectionDelayMax: -time.Second}},
		{"RandomizationFactor", Config{RandomizationFactor: 1.5}},
		{"AckTimeout", Config{AckTimeout: 5}},
		{"AckTimeout", Config{AckTimeout: -time.Second}},
		{"MaxMailbox", Config{MaxMailbox: -1}},
		{"MaxAttachments", Config{MaxAttachments: -1}},
		{"Path", Config{Path: "socket.io"}},
	} {
		var invalid *ConfigError
		if err := test.cfg.Validate(); !errors.As(err, &invalid) || invalid.Field != test.field {
			t.Errorf("%s: %v", test.field, err)
		}
		if _, err := NewManager("http://example.com", &test.cfg); !errors.As(err, &invalid) {
			t.Errorf("%s: %v", test.field, err)
		}
	}
	for _, cfg := range []*Config{nil, {}, {ConnectTimeout: -1, RandomizationFactor: -1, MaxBuffer: -1, MaxMessage: -1, Retries: -1}} {
		if err := cfg.Validate(); err != nil {
			t.Error(err)
		}
	}
}

func TestDefaults(t *testing.T) {
	d := (*Config)(nil).withDefaults()
	if d.Path != "/socket.io/" || d.ConnectTimeout != 20*time.Second || d.ReconnectionDelay != time.Second ||
		d.ReconnectionDelayMax != 5*time.Second || d.RandomizationFactor != 0.5 || d.AckTimeout != 0 || d.MaxAttachments != 10 {
		t.Errorf("%+v", d)
	}
	with := Config{Path: "/x", Retries: 1}
	if d := with.withDefaults(); d.Path != "/x/" || d.AckTimeout != 10*time.Second {
		t.Errorf("%+v", d)
	}
}
