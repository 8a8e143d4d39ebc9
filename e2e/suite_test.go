package e2e_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/gosio/sio"
	"github.com/gosio/sio/e2e/peer"
	"github.com/gosio/sio/e2e/tools"
	"github.com/gosio/sio/parsers/msgpack"
)

var modes = []string{"polling", "websocket", "upgrade"}

// suiteConfig lets the suite send a few megabytes at once. What handlers are
// made to do wrong is expected.
func suiteConfig() *sio.Config {
	return &sio.Config{MaxPayload: 5_000_000, MaxQueue: 16 << 20, OnError: func(error) {}}
}

// officialClients are those of js/clients.mjs, with what their server is told.
var officialClients = []struct {
	name   string
	change func(*sio.Config)
}{
	{"4", func(*sio.Config) {}},
	{"4-msgpack", func(c *sio.Config) { c.Codec = msgpack.Codec() }},
	{"3", func(*sio.Config) {}},
	{"2", func(c *sio.Config) { c.AllowEIO3 = true }},
}

// TestOfficialClients runs the behaviours in js/suite with the official
// JavaScript clients against our server. SIO_ONLY is a pattern for their names.
func TestOfficialClients(t *testing.T) {
	node := tools.NeedNode(t, "js")
	for _, client := range officialClients {
		for _, mode := range modes {
			t.Run(client.name+" "+mode, func(t *testing.T) {
				t.Parallel()
				cfg := suiteConfig()
				client.change(cfg)
				host := peer.Start(t, cfg, nil)
				runSuite(t, node, client.name, mode, "ours", host.URL, host.Restart)
			})
		}
	}
}

// TestReference runs the same behaviours against the official server: what
// they ask of ours is what Socket.IO does.
func TestReference(t *testing.T) {
	node := tools.NeedNode(t, "js")
	for _, client := range officialClients {
		for _, mode := range modes {
			t.Run(client.name+" "+mode, func(t *testing.T) {
				t.Parallel()
				url, restart := startReference(t, referenceFor(client.name))
				runSuite(t, node, client.name, mode, "reference", url, restart)
			})
		}
	}
}

func runSuite(t *testing.T, node, client, mode, server, url string, restart func() error) {
	t.Helper()
	c := startControl(t, restart)
	parameters, err := json.Marshal(map[string]string{
		"client": client, "mode": mode, "server": server, "url": url, "control": c.URL, "only": os.Getenv("SIO_ONLY"),
	})
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(node, "run.mjs", string(parameters))
	cmd.Dir = "js"
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	exited := make(chan struct{})
	go func() {
		err := cmd.Wait()
		ended <- fmt.Errorf("exit: %v\n%s", err, output.Bytes())
		close(exited)
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		<-exited
	})
	c.subtests(t, ended)
}

// reference says which official server js/reference.mjs shall be; see there.
type reference struct {
	Version  int  `json:"version"`
	Msgpack  bool `json:"msgpack"`
	EIO3     bool `json:"eio3"`
	Recovery bool `json:"recovery"`
	Deflate  bool `json:"deflate"`
}

// referenceFor returns the newest official server, for one of js/clients.mjs.
func referenceFor(client string) reference {
	return reference{Version: 4, EIO3: client == "2", Msgpack: strings.HasSuffix(client, "-msgpack")}
}

// startReference starts js/reference.mjs, and returns its address and a
// function that restarts it.
func startReference(t *testing.T, server reference) (url string, restart func() error) {
	t.Helper()
	s := startScript(t, "reference.mjs", server)
	port, err := s.line()
	if err != nil {
		t.Fatal(err)
	}
	return "http://127.0.0.1:" + port, func() error {
		if err := s.say(""); err != nil {
			return err
		}
		_, err := s.line()
		return err
	}
}
