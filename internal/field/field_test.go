package field_test

import (
	"testing"

	"github.com/gosio/sio/internal/field"
)

func TestHasToken(t *testing.T) {
	for _, c := range []struct {
		values []string
		want   bool
	}{
		{nil, false},
		{[]string{""}, false},
		{[]string{"upgrade"}, true},
		{[]string{"keep-alive , UpGrade"}, true},
		{[]string{"keep-alive", "upgrade"}, true},
		{[]string{"upgrades, up grade"}, false},
	} {
		if got := field.HasToken(c.values, "upgrade"); got != c.want {
			t.Errorf("%q: %v", c.values, got)
		}
	}
}

func TestPreferred(t *testing.T) {
	for accept, want := range map[string]string{
		"":                          "",
		"identity":                  "",
		"gzip":                      "gzip",
		"GZIP":                      "gzip",
		"deflate, gzip":             "deflate",
		"gzip;q=0.5, br ; q=0.9":    "br",
		"br;q=0, gzip;q=0.1":        "gzip",
		"gzip;q=0":                  "",
		"gzip;q=x, deflate;q=0.001": "deflate",
		"*":                         "br",
		"*;q=0.1, deflate;q=0.2":    "deflate",
		"zstd":                      "",
	} {
		if got := field.Preferred(accept, "br", "gzip", "deflate"); got != want {
			t.Errorf("%q: %q, want %q", accept, got, want)
		}
	}
	if got := field.Preferred("*"); got != "" {
		t.Errorf("nothing to prefer: %q", got)
	}
}
