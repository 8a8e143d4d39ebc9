package sio_test

import (
	"errors"
	"testing"
	"time"

	"github.com/gosio/sio"
)

func TestValidate(t *testing.T) {
	const nanoseconds = " is less than a millisecond; a plain number is one of nanoseconds"
	for want, cfg := range map[string]*sio.Config{
		"PingTimeout: -1ns is negative":                  {PingTimeout: -1}, // the engine's
		"MaxQueue: -1 is negative":                       {MaxQueue: -1},
		"ConnectTimeout: 45µs" + nanoseconds:             {ConnectTimeout: 45000},
		"AckTimeout: 5µs" + nanoseconds:                  {AckTimeout: 5000},
		"MaxAttachments: -1 is negative":                 {MaxAttachments: -1},
		"MaxMailbox: -1 is negative":                     {MaxMailbox: -1},
		"QueuePolicy: there is no policy 2":              {QueuePolicy: 2},
		"Recovery.MaxDisconnection: -1s is negative":     {Recovery: &sio.Recovery{MaxDisconnection: -time.Second}},
		"Recovery.MaxDisconnection: 120µs" + nanoseconds: {Recovery: &sio.Recovery{MaxDisconnection: 120000}},
		"Recovery.MaxBytes: -1 is negative":              {Recovery: &sio.Recovery{MaxBytes: -1}},
		"Recovery.MaxSessions: -1 is negative":           {Recovery: &sio.Recovery{MaxSessions: -1}},
		"Deduplicate.Window: -1 is negative":             {Deduplicate: &sio.Deduplication{Window: -1}},
		"Deduplicate.MaxBytes: -1 is negative":           {Deduplicate: &sio.Deduplication{MaxBytes: -1}},
	} {
		want = "invalid Config." + want
		var e *sio.ConfigError
		if err := cfg.Validate(); !errors.As(err, &e) || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
		func() {
			defer func() {
				if v, ok := recover().(error); !ok || v.Error() != want {
					t.Errorf("NewServer panics with %v, want %s", v, want)
				}
			}()
			sio.NewServer(cfg)
		}()
	}
}

// What means "off" is valid.
func TestValid(t *testing.T) {
	for _, cfg := range []*sio.Config{
		nil, {},
		{ConnectTimeout: -1, AckTimeout: -1, CompressionThreshold: -1},
		{MaxQueuedMessages: -1, MaxPendingAcks: -1, MaxNamespaces: -1, MaxRooms: -1},
		{Recovery: &sio.Recovery{}, Deduplicate: &sio.Deduplication{}, QueuePolicy: sio.QueueDropNewest},
	} {
		if err := cfg.Validate(); err != nil {
			t.Error(err)
		}
	}
}
