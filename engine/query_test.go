package engine

import (
	"net/url"
	"testing"
)

func FuzzQuery(f *testing.F) {
	for _, raw := range []string{
		"", "EIO=4&transport=polling", "EIO=4&transport=websocket&sid=x", "sid=1&sid=2&sid=", "sid", "=sid", "&&sid=a&", "sid=a=b",
		"s%69d=a%20b", "sid=a+b", "sid=a;transport=b", "sid=%zz&transport=polling", "sid=1&sid=%zz", "SID=1&Transport=x&eio=4", "EIO=3&b64=1&j=0&j=12&J=1",
	} {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		values, _ := url.ParseQuery(raw)
		want := query{last(values["transport"]), last(values["sid"]), last(values["EIO"]), last(values["b64"]), last(values["j"])}
		if got := parseQuery(raw); got != want {
			t.Errorf("%q: %+v, want %+v", raw, got, want)
		}
	})
}
