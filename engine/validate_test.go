package engine_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/gosio/sio/engine"
)

func TestValidate(t *testing.T) {
	for want, cfg := range map[string]*engine.Config{
		"": nil,
		"invalid Config.PingInterval: -1s is negative":                                                         {PingInterval: -time.Second},
		"invalid Config.PingTimeout: -1ns is negative":                                                         {PingTimeout: -1},
		"invalid Config.UpgradeTimeout: -1ns is negative":                                                      {UpgradeTimeout: -1},
		"invalid Config.MaxPayload: -1 is negative":                                                            {MaxPayload: -1},
		"invalid Config.MaxQueue: -1 is negative":                                                              {MaxQueue: -1},
		"invalid Config.CORS.MaxAge: -1ns is negative":                                                         {CORS: &engine.CORS{MaxAge: -1}},
		`invalid Config.Cookie: http: invalid Cookie.Name`:                                                     {Cookie: &http.Cookie{Name: "a b"}},
		"invalid Config.PingInterval: 25µs is less than a millisecond; a plain number is one of nanoseconds":   {PingInterval: 25000},
		"invalid Config.PingTimeout: 20µs is less than a millisecond; a plain number is one of nanoseconds":    {PingTimeout: 20000},
		"invalid Config.UpgradeTimeout: 10µs is less than a millisecond; a plain number is one of nanoseconds": {UpgradeTimeout: 10000},
		`invalid Config.Transports: there is no transport "websockets"`:                                        {Transports: []string{"polling", "websockets"}},
		`invalid Config.Transports: "polling" is there twice`:                                                  {Transports: []string{"polling", "polling"}},
		"invalid Config.Middleware: number 0 is nil":                                                           {Middleware: make([]func(http.Handler) http.Handler, 1)},
		`invalid Config.CORS.Origins: "https://example.com/" is no origin; https://example.com is one`:         {CORS: &engine.CORS{Origins: []string{"https://example.com/"}}},
		`invalid Config.CORS.Origins: "example.com" is no origin; https://example.com is one`:                  {CORS: &engine.CORS{Origins: []string{"https://a.b:1", "example.com"}}},
		"invalid Config.CORS.OptionsStatus: 20 does not mean success":                                          {CORS: &engine.CORS{OptionsStatus: 20}},
	} {
		err := cfg.Validate()
		if want == "" {
			if err != nil {
				t.Error(err)
			}
			continue
		}
		var e *engine.ConfigError
		if !errors.As(err, &e) || e.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
		func() {
			defer func() {
				if v, ok := recover().(error); !ok || v.Error() != want {
					t.Errorf("NewServer panics with %v, want %s", v, want)
				}
			}()
			engine.NewServer(cfg, nil)
		}()
	}
}

// What means "off" is valid, and so is all that has a meaning.
func TestValid(t *testing.T) {
	for _, cfg := range []*engine.Config{
		{},
		{PingInterval: time.Millisecond, PingTimeout: time.Hour, UpgradeTimeout: time.Millisecond, MaxPayload: 1, MaxQueue: 1},
		{MaxQueuedMessages: -1, CompressionThreshold: -1, PerMessageDeflate: &engine.Deflate{Threshold: -1}},
		{Transports: []string{"websocket", "polling"}},
		{CORS: &engine.CORS{Origins: []string{"*", "null", "https://example.com:8443", "http://[::1]:80", "chrome-extension://abc"}, OptionsStatus: 200}},
		{Cookie: &http.Cookie{}}, {Cookie: engine.NewCookie()},
	} {
		if err := cfg.Validate(); err != nil {
			t.Error(err)
		}
	}
}
