//go:build js

package transports_test

import (
	"syscall/js"
	"testing"
)

func TestSmoke(t *testing.T) { t.Log("runs in " + js.Global().Get("navigator").Get("userAgent").String()) }
