package tools

import (
	"os"
	"testing"
)

// NeedNode returns the path of Node, when the packages of the folder dir are
// installed too. Otherwise the test is skipped, or fails under CI.
func NeedNode(t testing.TB, dir string) string {
	t.Helper()
	path, err := Node()
	if err != nil {
		missing(t, err.Error())
	}
	if !Installed(dir) {
		missing(t, "the npm packages of "+dir+" are not installed")
	}
	return path
}

// NeedChromium returns the path of the browser. Without one the test is
// skipped, or fails under CI.
func NeedChromium(t testing.TB) string {
	t.Helper()
	path, err := Chromium()
	if err != nil {
		missing(t, err.Error())
	}
	return path
}

func missing(t testing.TB, what string) {
	t.Helper()
	if CI() {
		t.Fatalf("%s: run make setup", what)
	}
	t.Skipf("NOT TESTED: %s: run make setup", what)
}

// CI reports whether the environment says that nothing may be left out.
func CI() bool { return os.Getenv("CI") == "true" || os.Getenv("CI") == "1" }
