package client

import (
	"strings"
	"testing"
)

func TestParseAddress(t *testing.T) {
	for _, test := range []struct{ url, server, namespace string }{
		{"http://example.com", "http://example.com", "/"},
		{"https://example.com/", "https://example.com", "/"},
		{"ws://example.com:81/chat", "ws://example.com:81", "/chat"},
		{"wss://example.com/a/b?x=1&y=2", "wss://example.com?x=1&y=2", "/a/b"},
		{"http://[::1]:8080/a%20b", "http://[::1]:8080", "/a%20b"},
		{"http://user:secret@example.com", "http://example.com", "/"},
		{"HTTP://Example.com#part", "http://Example.com", "/"},
		{"example.com", "", ""},
		{"localhost:3000", "", ""},
		{"ftp://example.com", "", ""},
		{"http://", "", ""},
		{"http:///chat", "", ""},
		{"http://:80", "", ""},
		{"http://example.com/a,b", "", ""},
		{"http://exa mple.com", "", ""},
		{"http://example.com/" + strings.Repeat("a", 8000), "", ""},
	} {
		a, err := parseAddress(test.url)
		if (err != nil) != (test.server == "") || a.server.String() != test.server || a.namespace != test.namespace {
			t.Errorf("%.50s: %q, %q, %v", test.url, a.server.String(), a.namespace, err)
		}
	}
}

func TestNamespaceName(t *testing.T) {
	for in, want := range map[string]string{"": "/", "/": "/", "a": "/a", "/a": "/a", "/a/b": "/a/b"} {
		if got, err := namespaceName(in); got != want || err != nil {
			t.Errorf("%q: %q, %v", in, got, err)
		}
	}
	for _, in := range []string{"a,b", "/a?b"} {
		if _, err := namespaceName(in); err == nil {
			t.Errorf("%q is a name", in)
		}
	}
}
